"""The p-values of a verdict: how rare the values of most seeds would be under the nulls.

Each seed is compared with a pool of null matrices with the same r directions in m dimensions.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from statistics import median

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

ALIKE = 1.0001  # p-values closer than this factor are equal
ROUNDING = 1e-5  # values closer than this are equal: W is in float32


def at_most(pool: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The chance that a draw from a sorted pool is at most each value, by `add_one_p`."""
    return add_one_p(np.searchsorted(pool, values + ROUNDING, side="right"), len(pool))


def at_least(pool: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The chance that a draw from a sorted pool is at least each value, by `add_one_p`."""
    below = np.searchsorted(pool, values - ROUNDING, side="left")
    return add_one_p(len(pool) - below, len(pool))


def random_row(place: int, r: int, m: int) -> np.ndarray:
    """One of the rows of the pool of random directions."""
    return random_pool(r, m)[place]


RANDOM = tuple(partial(random_row, place) for place in (T, P, SHARING, SAME))
ENDS = ((at_most, 0), (at_least, -1))  # of a sorted pool


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

    @property
    def all(self) -> tuple[float, ...]:
        return tuple(vars(self).values())


def p_value(values: np.ndarray, shapes, pool_of: Callable, low: bool) -> float:
    """The p-value of `values`, (seeds,), being as low as they are, or as high if not `low`.

    Under the null, each seed is a draw from the pool of its (r, m), `pool_of(r, m)`. It is 1 if the
    median of the seeds is not on this side of the null: many seeds that agree are rarer than
    chance on both sides, wherever they are.
    """
    if not on_side(values, shapes, pool_of, low):
        return 1.0
    ordered = np.sort(values) if low else np.sort(values)[::-1]
    least_extreme = ordered[len(values) // 2 :]  # of each majority
    chance = at_most if low else at_least
    chances = {shape: chance(pool_of(*shape), least_extreme) for shape in set(shapes)}
    return majority_p(np.stack([chances[shape] for shape in shapes], axis=1))


def on_side(values: np.ndarray, shapes, pool_of: Callable, low: bool) -> bool:
    """Whether the median of `values` is below both the mean and the median of the null, if `low`;
    or else above both. The null may be skewed."""
    centre = median([centres(pool_of, *shape)[0 if low else 1] for shape in shapes])
    distance = centre - median(values.tolist())
    return (distance if low else -distance) >= -ROUNDING


@cache
def centres(pool_of: Callable, r: int, m: int) -> tuple[float, float]:
    """The mean and the median of a pool, the smaller one first."""
    pool = pool_of(r, m)
    low, high = sorted((float(pool.mean()), float(np.median(pool))))
    return low, high


def least_p(shapes, positive: np.ndarray) -> float:
    """The smallest possible p-value against random directions for seeds of these (r, m).

    Where the null takes few values, it is large: two features in one dimension are opposite each
    other half of the time. There it is that of the side on which the seeds' P, `positive`, is.
    """
    low, high = (
        on_side(positive, shapes, RANDOM[P], low) if len(shapes) else True for low in (True, False)
    )

    def rarest(r: int, m: int) -> float:
        pool = random_pool(r, m)[P]
        if m > 1:  # T or P can be beyond its whole pool
            return float(add_one_p(0, len(pool)))
        sides = [at_most(pool, pool[0])] * low + [at_least(pool, pool[-1])] * high
        return float(min(sides, default=1.0))

    return least_of(shapes, rarest)


def least_p_minimising(shapes) -> float:
    """The p-value of P = 0, or the lowest of each null: the larger one of those against random
    directions and against tight frames."""

    def rarest(r: int, m: int) -> float:
        pools = [random_pool(r, m)[P]]
        if r > m:
            pools.append(tight_pool(r, m))
        if m < r <= LARGEST_DRAWN:
            pools.append(whitened_pool(r, m))
        return float(max(at_most(pool, pool[0]) for pool in pools))

    return least_of(shapes, rarest)


def could_be_shown(p: PValues, least: float, alpha: float) -> bool:
    """Whether P is as low, without correction, as would show it, or as so few seeds can show.

    `least` is `least_p_minimising`. More seeds of the same kind would then be below both nulls.
    """
    known = [q for q in (p.P_below_random, p.P_below_tight) if not math.isnan(q)]
    return bool(known) and max(known) < 1 and max(known) <= max(alpha, ALIKE * least)


def least_of(shapes, rarest: Callable[[int, int], float]) -> float:
    """The p-value of seeds of which each is as rare as `rarest(r, m)`; NaN without seeds."""
    if not len(shapes):
        return math.nan
    known = {shape: rarest(*shape) for shape in set(shapes)}
    return majority_of_equal(tuple(known[shape] for shape in shapes))


@cache
def majority_of_equal(chances: tuple[float, ...]) -> float:
    """`majority_p` where majorities of every size have the same chances, one for each seed."""
    return majority_p(np.tile(chances, (len(chances) - len(chances) // 2, 1)))


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
        return p_value(values, shapes, RANDOM[place], low)

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


def p_values_of_each(
    shapes, squared: np.ndarray, positive: np.ndarray, sharing: np.ndarray, same: np.ndarray
) -> list[PValues]:
    """The p-values of each seed by itself: those of `p_values_of` for groups of one."""
    found = np.full((len(shapes), 6), math.nan)
    places: dict[tuple[int, int], list[int]] = {}
    for place, shape in enumerate(shapes):
        places.setdefault(shape, []).append(place)
    for shape, at in places.items():
        (r, m), here = shape, np.array(at)

        def alone(values: np.ndarray, pool_of: Callable, low: bool, here=here, shape=shape):
            centre, values = centres(pool_of, *shape)[0 if low else 1], values[here]
            away = centre - values if low else values - centre
            chance = (at_most if low else at_least)(pool_of(*shape), values)
            return np.where(away >= -ROUNDING, chance, 1.0)

        columns = [
            alone(squared, RANDOM[T], True),
            alone(squared, RANDOM[T], False),
            alone(positive, RANDOM[P], True),
            alone(positive, RANDOM[P], False),
            np.full(len(here), math.nan),
            np.minimum(alone(sharing, RANDOM[SHARING], False), alone(same, RANDOM[SAME], False)),
        ]
        if r > m:
            frames = [tight_pool] if r > LARGEST_DRAWN else [tight_pool, whitened_pool]
            columns[4] = np.max([alone(positive, pool_of, True) for pool_of in frames], axis=0)
        columns[5] = np.minimum(1.0, 2 * columns[5])
        found[here] = np.stack(columns, axis=1)
        if m == 1:
            found[here, :2] = math.nan
    found[np.isnan(squared), :2] = math.nan
    return [PValues(*row) for row in found.tolist()]


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
