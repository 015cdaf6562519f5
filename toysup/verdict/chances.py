"""How rare what most seeds show would be under the nulls: the p-values of a verdict.

Each seed is matched by a pool of null matrices with as many directions in as many dimensions.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from toysup.verdict.medians import majority_p
from toysup.verdict.nulls import FEW, SAME, SHARING, P, T, haar_pool, random_pool, tight_pool
from toysup.verdict.statistics import add_one_p

ROUNDING = 1e-5  # values closer than this are equal: W is in float32


def at_most(pool: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The chance of a draw of a pool, in order, to be at most each value, which is one draw."""
    return add_one_p(np.searchsorted(pool, values + ROUNDING, side="right"), len(pool))


def at_least(pool: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The chance of a draw of a pool, in order, to be at least each value."""
    below = np.searchsorted(pool, values - ROUNDING, side="left")
    return add_one_p(len(pool) - below, len(pool))


@dataclass(frozen=True)
class PValues:
    """One-sided p-values against random directions, and of P against tight frames.

    NaN where there is no test: T in one dimension, tight frames of no more than m columns.
    """

    T_below_random: float
    T_above_random: float
    P_below_random: float
    P_above_random: float
    P_below_tight: float
    sharing_above_random: float  # twice the smaller of two, at two angles


def p_value(values: np.ndarray, shapes, pool_of: Callable, low: bool) -> float:
    """How rare what most seeds show is, if each were a draw of the pool of its (r, m): that their
    `values` `(seeds,)` are as `low` as they are, or as high."""
    ordered = np.sort(values) if low else np.sort(values)[::-1]
    least_extreme = ordered[len(values) // 2 :]  # of each majority
    chance = at_most if low else at_least
    known = {shape: chance(pool_of(*shape), least_extreme) for shape in set(shapes)}
    return majority_p(np.stack([known[shape] for shape in shapes], axis=1))


def least_p(shapes) -> float:
    """The smallest p-value against random directions that seeds of these (r, m) can have."""
    if not len(shapes):
        return math.nan
    seeds = len(shapes)
    rarest = [add_one_p(0, random_pool(*shape).shape[-1]) for shape in shapes]
    return majority_p(np.tile(rarest, (seeds - seeds // 2, 1)))


def p_values_of(
    shapes, squared: np.ndarray, positive: np.ndarray, sharing: np.ndarray, same: np.ndarray
) -> PValues:
    """The p-values of a group: (r, m) of each seed in `shapes`, and T, P and the fractions that
    share a direction and that have one and the same of each, `(seeds,)`. Every seed is matched by
    as many directions in as many dimensions."""
    if not len(shapes):
        return PValues(*[math.nan] * 6)

    def against_random(values, place: int, low: bool) -> float:
        return p_value(values, shapes, lambda r, m: random_pool(r, m)[place], low)

    flat = any(m == 1 for _, m in shapes) or np.isnan(squared).any()
    framed = any(r > m for r, m in shapes)
    return PValues(
        math.nan if flat else against_random(squared, T, low=True),
        math.nan if flat else against_random(squared, T, low=False),
        against_random(positive, P, low=True),
        against_random(positive, P, low=False),
        against_frames(shapes, positive) if framed else math.nan,
        # In a plane random directions often share one, and hardly ever have one and the same.
        min(
            1.0,
            2 * against_random(sharing, SHARING, low=False),
            2 * against_random(same, SAME, low=False),
        ),
    )


def against_frames(shapes, positive: np.ndarray) -> float:
    """The larger p-value of P against equal-norm tight frames and against those of whitening, whose
    norms differ. Of many columns in comparably few dimensions the two hardly do."""
    equal = p_value(positive, shapes, tight_pool, low=True)
    if any(r > FEW for r, _ in shapes):
        return equal
    return max(equal, p_value(positive, shapes, whitened_pool, low=True))


def whitened_pool(r: int, m: int) -> np.ndarray:
    """P of whitened directions; up to r = m, as of equal-norm ones, nothing is below them."""
    return haar_pool(r, m) if r > m else tight_pool(r, m)
