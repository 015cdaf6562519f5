"""The p-values of a verdict: how rare the values of most seeds would be under the nulls.

Each seed is compared with a pool of null matrices with the same r directions in m dimensions.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from toysup.verdict.medians import majority_p
from toysup.verdict.nulls import (
    LARGEST_DRAWN,
    SAME,
    SHARING,
    P,
    T,
    haar_pool,
    random_pool,
    tight_pool,
)
from toysup.verdict.statistics import add_one_p

ROUNDING = 1e-5  # values closer than this are equal: W is in float32


def at_most(pool: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The chance that a draw from a sorted pool is at most each value, by `add_one_p`."""
    return add_one_p(np.searchsorted(pool, values + ROUNDING, side="right"), len(pool))


def at_least(pool: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The chance that a draw from a sorted pool is at least each value, by `add_one_p`."""
    below = np.searchsorted(pool, values - ROUNDING, side="left")
    return add_one_p(len(pool) - below, len(pool))


@dataclass(frozen=True)
class PValues:
    """One-sided p-values against random directions, and of P against tight frames.

    NaN where there is no test: for T in one dimension, and for tight frames with r <= m.
    """

    T_below_random: float
    T_above_random: float
    P_below_random: float
    P_above_random: float
    P_below_tight: float
    sharing_above_random: float  # twice the smaller of the p-values at two angles


def p_value(values: np.ndarray, shapes, pool_of: Callable, low: bool) -> float:
    """The p-value of `values`, (seeds,), being as low as they are, or as high if not `low`.

    Under the null, each seed is a draw from the pool of its (r, m), `pool_of(r, m)`.
    """
    ordered = np.sort(values) if low else np.sort(values)[::-1]
    least_extreme = ordered[len(values) // 2 :]  # of each majority
    chance = at_most if low else at_least
    chances = {shape: chance(pool_of(*shape), least_extreme) for shape in set(shapes)}
    return majority_p(np.stack([chances[shape] for shape in shapes], axis=1))


def least_p(shapes) -> float:
    """The smallest possible p-value against random directions for seeds of these (r, m)."""
    if not len(shapes):
        return math.nan
    seeds = len(shapes)
    rarest = [add_one_p(0, random_pool(*shape).shape[-1]) for shape in shapes]
    return majority_p(np.tile(rarest, (seeds - seeds // 2, 1)))


def p_values_of(
    shapes, squared: np.ndarray, positive: np.ndarray, sharing: np.ndarray, same: np.ndarray
) -> PValues:
    """The p-values of a group of seeds.

    `shapes` has (r, m) of each seed. T, P, the fraction of features that share a direction, and the
    fraction that have the same direction as another are (seeds,) each.
    """
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
        # In a plane random directions often share one, but are hardly ever the same.
        min(
            1.0,
            2 * against_random(sharing, SHARING, low=False),
            2 * against_random(same, SAME, low=False),
        ),
    )


def against_frames(shapes, positive: np.ndarray) -> float:
    """The larger p-value of P against two kinds of tight frames.

    One has equal norms. The other comes from whitening, and its norms differ. With many columns
    the two hardly differ, so only the first is used.
    """
    equal = p_value(positive, shapes, tight_pool, low=True)
    if any(r > LARGEST_DRAWN for r, _ in shapes):
        return equal
    return max(equal, p_value(positive, shapes, whitened_pool, low=True))


def whitened_pool(r: int, m: int) -> np.ndarray:
    """P of whitened directions, sorted, (matrices,). For r <= m it is 0, as for equal norms."""
    return haar_pool(r, m) if r > m else tight_pool(r, m)
