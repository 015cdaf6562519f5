"""Triplet: nearer to the positive than to a negative, by a margin. Schroff et al. 2015."""

import jax.numpy as jnp
from flax import struct
from jax.nn import relu

from toysup.kernels.unit import unit_columns
from toysup.objectives._objective import Objective
from toysup.registry import setting

# Distances that differ by less are equal: in float32 they are right to about 1e-6.
TIE = 1e-5


def squared_distances(a, b):
    """|a_i - b_j|^2, (batch, batch)."""
    lengths = jnp.sum(a**2, axis=0)[:, None] + jnp.sum(b**2, axis=0)[None, :]
    return lengths - 2 * a.T @ b


@struct.dataclass
class Triplet(Objective):
    """Nearer to the positive than to negatives: [|a - p|^2 - |a - n|^2 + margin]+ of unit codes.

    Meaned over the anchors a, the first views; p is the second view of the same sample, n that of
    another. `all` means over all of them; `hardest` takes the nearest; `semi-hard` the nearest that
    is farther than p, or the nearest where none is. A code that is the same for all samples costs
    the margin, and 0 is reached when every n is farther than p by the margin. The code of an empty
    sample is 0, at distance 1 from all others. The scale of W is free.

    Theory: a negative pushes only while |a - n|^2 < |a - p|^2 + margin, so between equal views
    samples of one feature interfere freely up to a cosine of 1 - margin / 2: 0.9 at the default,
    and at 2 no positive cosine is tolerated, as in antipodal pairs. Samples of several features lie
    between those of one, and make the push reach farther than that. Where views differ, every
    anchor feels the pull to its positive and few the push: all negatives let the features close up
    into a cone, the hardest ones collapse them to a point, as in FaceNet, semi-hard ones do
    neither.

    So it came out, for one seed at margin 0.2, n_features = 20, d_hidden = 5, batches of 256 and
    5000 steps at a learning rate of 0.01. Equal views: close to the best packing at p of 0.2 or
    less, for `all` and `semi-hard`. Masks: T of 3 to 6 with `all`, one point with `hardest` (but
    for p = 0.01), and close to the best packing with `semi-hard` at p of 0.2 or less. Resampled
    amplitudes: as masks, with features dropped in between. Most directions settle.

    The margin is FaceNet's, and so is `semi-hard`; `all` is the plain form and the default.

    Source: Schroff, Kalenichenko and Philbin 2015, "FaceNet"; Hermans, Beyer and Leibe 2017, "In
    Defense of the Triplet Loss", for all and for the hardest.
    """

    margin: float = setting(
        0.2,
        "how much farther a negative should be than the positive, in squared distance",
        traced=True,
        low=0.0,
        high=4.0,
    )
    negatives: str = setting(
        "all",
        "which other samples push: the mean of all, the nearest, or the nearest that is farther "
        "than the positive",
        choices=("all", "hardest", "semi-hard"),
    )

    pairs = True
    smallest_batch = 2

    def loss(self, model, key, x):
        a, b = (unit_columns(model.encode(view)) for view in x)
        distance = squared_distances(a, b)
        own = jnp.sum((a - b) ** 2, axis=0)[:, None]
        other = ~jnp.eye(a.shape[1], dtype=bool)
        if self.negatives == "all":
            hinge = relu(own - distance + self.margin)
            return jnp.sum(jnp.where(other, hinge, 0.0)) / (len(hinge) * (len(hinge) - 1))
        if self.negatives == "semi-hard":
            farther = other & (distance > own + TIE)
            # Where none is farther, every negative is too near.
            other = jnp.where(jnp.any(farther, axis=1, keepdims=True), farther, other)
        nearest = jnp.min(jnp.where(other, distance, jnp.inf), axis=1)
        return jnp.mean(relu(own[:, 0] - nearest + self.margin))

    def chance(self, x, d_hidden):
        return self.margin

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return 2 * batch**2 + (4 * n_features + 6 * d_hidden) * batch
