"""Every pair of views that independent features under independent masks can make, as weights.

The supports are exact, and the amplitudes of what is present are a quadrature, so that the loss of
a contrastive objective with many negatives is a sum. For few features.
"""

from functools import reduce
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

# Gauss-Legendre points for the amplitude of each feature, by how many features there are: up to 729
# views. A loss is right to 1% of its fall, at worst where six have two points each.
POINTS = {1: 24, 2: 8, 3: 4, 4: 3, 5: 2, 6: 2}
ROUGH_POINTS = POINTS | {1: 8, 2: 4, 3: 3, 4: 2}  # for the first steps of a search


class Pairs(NamedTuple):
    """Views `x`, (n_features, views), and the weight of each as the two views of one sample.

    `joint`, (views, views), is symmetric and sums to 1. `weight`, (views,), is how often each view
    is met: what the negatives are drawn from.
    """

    x: jax.Array
    joint: jax.Array

    @property
    def weight(self) -> jax.Array:
        return self.joint.sum(axis=1)


def view_pairs(p, keep, fill: bool = False, points: int = 0) -> Pairs:
    """The pairs of views of features of amplitude U[0, 1), feature i present with chance p_i.

    Each view keeps feature i with chance keep_i by itself, and with it its amplitude: at 1 the two
    are equal. With `fill` a sample that would be empty gets one feature, each as likely, before it
    is masked. `p` and `keep` are (n_features,); `points` is how many amplitudes there are. In the
    precision of jax where it is called.

    >>> pairs = view_pairs(np.array([0.5]), np.array([0.5]), points=1)
    >>> pairs.x.tolist(), pairs.joint.tolist()
    ([[0.0, 0.5]], [[0.625, 0.125], [0.125, 0.125]])
    """
    n = len(p)
    at, share = np.polynomial.legendre.leggauss(points or POINTS[n])
    amplitudes, share = np.r_[0, (at + 1) / 2], share / 2
    x = np.stack(np.meshgrid(*[amplitudes] * n, indexing="ij")).reshape(n, -1)
    # Features are independent of each other, and so are the two views of each.
    absent = [two_views(np.r_[1, 0 * share], kept) for kept in keep]
    present = [two_views(np.r_[0, share], kept) for kept in keep]
    each = [(1 - c) * no + c * yes for c, no, yes in zip(p, absent, present, strict=True)]
    joint = reduce(jnp.kron, each)
    if fill:
        empty = jnp.prod(1 - jnp.asarray(p))
        joint -= empty * reduce(jnp.kron, absent)
        for i in range(n):
            alone = [*absent[:i], present[i], *absent[i + 1 :]]
            joint += empty / n * reduce(jnp.kron, alone)
    return Pairs(jnp.asarray(x), joint)


def two_views(sample: np.ndarray, keep) -> jax.Array:
    """How often two views have each pair of amplitudes of a feature that is there as in `sample`;
    the first amplitude is 0."""
    view = (keep * jnp.eye(len(sample))).at[:, 0].add(1 - keep)
    return view.T @ (sample[:, None] * view)
