"""Every pair of views that independent features under independent masks can make, as weights.

The supports are exact, and the amplitudes of what is present are a quadrature, so that the loss of
a contrastive objective with many negatives is a sum. For few features.
"""

from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

MOST_FEATURES = 6
# Gauss-Legendre points for the amplitude of each feature, by how many features there are: up to 729
# views. A loss is right to 1% of its fall, at worst where six have two points each.
POINTS = {1: 24, 2: 8, 3: 4, 4: 3, 5: 2, 6: 2}
ROUGH_POINTS = {3: 3, 4: 2}  # for the first steps of a search


@dataclass(frozen=True)
class Pairs:
    """Views `x`, (n_features, views), and the weight of each as the two views of one sample.

    `joint`, (views, views), is symmetric and sums to 1. `weight`, (views,), is how often each view
    is met: what the negatives are drawn from.
    """

    x: np.ndarray
    joint: np.ndarray

    def rounded(self) -> "Pairs":
        """The same in single precision."""
        return Pairs(self.x.astype(np.float32), self.joint.astype(np.float32))

    @cached_property
    def weight(self) -> np.ndarray:
        return self.joint.sum(axis=1)


def view_pairs(p: np.ndarray, keep: np.ndarray, fill: bool = False, points: int = 0) -> Pairs:
    """The pairs of views of features of amplitude U[0, 1), feature i present with chance p_i.

    Each view keeps feature i with chance keep_i by itself, and with it its amplitude: at 1 the two
    are equal. With `fill` a sample that would be empty gets one feature, each as likely, before it
    is masked. `p` and `keep` are (n_features,); `points` is how many amplitudes there are.

    >>> pairs = view_pairs(np.array([0.5]), np.array([0.5]), points=1)
    >>> pairs.x.tolist(), pairs.joint.tolist()
    ([[0.0, 0.5]], [[0.625, 0.125], [0.125, 0.125]])
    """
    n = len(p)
    at, share = np.polynomial.legendre.leggauss(points or POINTS[n])
    amplitudes, share = np.r_[0, (at + 1) / 2], share / 2
    x = np.stack(np.meshgrid(*[amplitudes] * n, indexing="ij")).reshape(n, -1)
    sample = reduce(np.kron, [np.r_[1 - chance, chance * share] for chance in p])
    if fill:
        empty, sample[0] = sample[0], 0
        for i in range(n):
            alone = np.flatnonzero((x > 0).sum(axis=0) * (x[i] > 0) == 1)
            sample[alone] += empty / n * share
    masks = reduce(np.kron, [mask(chance, len(share)) for chance in keep])
    return Pairs(x, masks.T @ (sample[:, None] * masks))


def mask(keep: float, points: int) -> np.ndarray:
    """How often a view has each amplitude (columns) of a feature of each amplitude (rows)."""
    kernel = keep * np.eye(1 + points)
    kernel[:, 0] += 1 - keep
    return kernel
