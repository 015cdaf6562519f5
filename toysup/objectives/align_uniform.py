"""Alignment and uniformity, each a term of its own. Wang & Isola 2020."""

import jax.numpy as jnp
from flax import struct

from toysup.kernels.pairs import LARGEST_EXPONENT
from toysup.kernels.potential import potential_sum
from toysup.kernels.unit import unit_columns
from toysup.objectives._objective import Objective
from toysup.registry import setting

# Points on the unit sphere are at most 4 apart, squared.
LARGEST_SHARPNESS = LARGEST_EXPONENT / 4


def alignment(anchors, positives, exponent):
    """Mean of |a_i - b_i|^exponent, for (d_hidden, batch) each."""
    squares = jnp.sum((anchors - positives) ** 2, axis=0)
    # Where the two meet, a power of less than 1 of the square has no finite slope.
    return jnp.mean((squares + 1e-12) ** (exponent / 2))


def uniformity(z, sharpness):
    """ln of the mean of exp(-sharpness |z_i - z_j|^2) over i != j, for z (d_hidden, batch).

    0 is all points at one place, and -4 sharpness two points at opposite poles.
    """
    batch = z.shape[1]
    return jnp.log(potential_sum(z, sharpness)) - jnp.log(batch * (batch - 1))


@struct.dataclass
class AlignUniform(Objective):
    """Views of a sample meet, and samples spread: E|f(x) - f(x+)|^a + w ln E exp(-t |f - f'|^2).

    The codes f are of unit length; a is `alignment_exponent`, t `uniformity_sharpness` and w
    `uniformity_weight`. The second mean is over the pairs i != j of a view, and the logarithm
    averaged over both views. The first term is 0 where views agree; the second is 0 with all codes
    at one place, and least where they are uniform on the sphere: at t = 2 it is -1.6 on the
    circle, -2.7 in 5 dimensions. The scale of W is free.

    Theory predicts infonce's geometry at a temperature of 1 / (2 t), 1/4 here, as uniformity is
    infonce's denominator with the logarithm outside the mean over anchors: with equal views, codes
    uniform on the sphere, which for sparse features is their packing. Where a view loses features
    the terms pull apart: alignment draws those that occur together into one direction, at w = 0
    all the way to a collapse. Empty samples are a code of 0, at distance 0 from each other, and
    hold up the mean potential: where most samples are empty the rest are repelled with a small
    share of w. At n = 20, m = 5, p = 0.01, with 82% of samples empty, masked views collapse at
    w = 1, and reach the best packing at w = 10, or at w = 1 with the empty samples filled.

    The defaults are the paper's. They were tried with Adam at 0.01 along a cosine, 5000 steps of
    256 samples, under four views at p from 1 to 0.01: no run diverged, and 42 of 48 converged. The
    others are the noisy views at p = 1, and one seed of three where empty samples rule: masked at
    p = 0.046, amplitudes drawn anew at 0.046 and 0.01.

    Source: Wang & Isola 2020, "Understanding Contrastive Representation Learning through Alignment
    and Uniformity on the Hypersphere", for a = 2, t = 2, w = 1.
    """

    alignment_exponent: float = setting(
        2.0, "power of the distance between the views of a sample", traced=True, above=0.0
    )
    uniformity_sharpness: float = setting(
        2.0,
        "how local the repulsion is: it falls as exp(-sharpness distance^2)",
        traced=True,
        above=0.0,
        high=LARGEST_SHARPNESS,
    )
    uniformity_weight: float = setting(
        1.0, "weight of the uniformity against alignment", traced=True, low=0.0
    )

    pairs = True
    smallest_batch = 2

    def loss(self, model, key, x):
        anchors, positives = (unit_columns(model.encode(view)) for view in x)
        spread = [uniformity(z, self.uniformity_sharpness) for z in (anchors, positives)]
        aligned = alignment(anchors, positives, self.alignment_exponent)
        return aligned + self.uniformity_weight * sum(spread) / 2

    def chance(self, x, d_hidden):
        return 0.0

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return 2 * batch**2 + (4 * n_features + 6 * d_hidden) * batch
