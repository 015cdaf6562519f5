"""Directions without their mean: real embeddings lean to one side, and may be packed around it."""

import math
from dataclasses import replace

import numpy as np

from toysup.matrices.matrix import Matrix
from toysup.matrices.measured import Measured, represented

ROOM = 2  # times as many directions as dimensions: the sum of fewer is zero only if they spread
MEAN_BY_CHANCE = 1e-3  # the probability of a mean that is called no chance


def has_mean(found: Measured) -> bool:
    """Whether the mean of the columns is longer than that of random directions with their norms,
    and there are enough of these to be judged without it.

    Of r of these in m dimensions, m r lean^2 = m |sum w_i|^2 / sum |w_i|^2 is about chi-squared
    with m degrees of freedom, whatever the norms. It is the mean of the columns, and not of the
    unit ones, because that is what is taken out: directions around one point, w_i = point + s_i,
    have the s_i back without it, and unit ones have not.
    """
    from scipy.special import chdtrc

    m, r = found.dimensions, found.represented
    return r >= ROOM * m and bool(chdtrc(m, m * r * found.lean**2) < MEAN_BY_CHANCE)


def centred_random(r: int, m: int) -> float:
    """P of random directions without their mean, which is under 1 though nothing is arranged.

    Their sum is zero, so their cosines have the mean -1 / (r - 1). With a normal c of variance 1/m,
    and z = sqrt(m) / (r - 1), it is 2 ((1 + z^2) Phi(-z) - z phi(z)).
    """
    from scipy.special import ndtr

    z = math.sqrt(m) / (r - 1)
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return float(2 * ((1 + z * z) * ndtr(-z) - z * density))


def without_mean(matrix: Matrix) -> Matrix:
    """The represented columns less their mean: a cone without its axis. The others are zero, or
    they would come back as the mean turned round."""
    kept = represented(matrix.W)
    mean = matrix.W[:, kept].mean(axis=1, keepdims=True, dtype=np.float64).astype(matrix.W.dtype)
    return replace(matrix, W=np.where(kept, matrix.W - mean, 0), drawn_from=0)
