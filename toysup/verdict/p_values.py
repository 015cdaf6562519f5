"""The p-values of a verdict: how rare the values of most seeds would be under the nulls.

Each seed is compared with a pool of null matrices with the same r directions in m dimensions.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from toysup.verdict.groups import by_count, numbered
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

Shapes = Sequence[tuple[int, int]]
ALIKE = 1.0001  # p-values closer than this factor are equal
NUMBERS_AT_ONCE = 2**22  # of the chances of groups: 32 MB
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


def p_value(
    values: np.ndarray, which: np.ndarray, shapes: Shapes, pool_of: Callable, low: bool
) -> np.ndarray:
    """The p-values of `values`, (groups, seeds), being as low as they are, or as high if not
    `low`; (groups,).

    Under the null, each seed is a draw from the pool of its (r, m), `pool_of(r, m)`. These are
    `shapes[which]`, with `which` (groups, seeds). A p-value is 1 if the median of the seeds is not
    on this side of the null: many seeds that agree are rarer than chance on both sides, wherever
    they are.
    """
    found, seeds = np.ones(len(values)), values.shape[1]
    there = np.flatnonzero(on_side(values, which, shapes, pool_of, low))
    ordered = np.sort(values[there], axis=1)
    least_extreme = (ordered if low else ordered[:, ::-1])[:, seeds // 2 :]  # of each majority
    chances = np.empty((*least_extreme.shape, seeds))
    for i in np.unique(which[there]):
        at = which[there] == i
        groups = at.any(axis=1)
        chance = (at_most if low else at_least)(pool_of(*shapes[i]), least_extreme[groups])
        chances[groups] = np.where(at[groups, None, :], chance[..., None], chances[groups])
    found[there] = majority_p(chances)
    return found


def on_side(
    values: np.ndarray, which: np.ndarray, shapes: Shapes, pool_of: Callable, low: bool
) -> np.ndarray:
    """Whether the median of each group is below both the mean and the median of the null, if
    `low`; or else above both. The null may be skewed."""
    ends = np.full(len(shapes), math.nan)
    for i in np.unique(which):
        ends[i] = centres(pool_of, *shapes[i])[0 if low else 1]
    distance = np.median(ends[which], axis=1) - np.median(values, axis=1)
    return (distance if low else -distance) >= -ROUNDING


@cache
def centres(pool_of: Callable, r: int, m: int) -> tuple[float, float]:
    """The mean and the median of a pool, the smaller one first."""
    pool = pool_of(r, m)
    low, high = sorted((float(pool.mean()), float(np.median(pool))))
    return low, high


def least_p(shapes: Shapes, positive: np.ndarray) -> float:
    """The smallest possible p-value against random directions for seeds of these (r, m).

    Where the null takes few values, it is large: two features in one dimension are opposite each
    other half of the time. There it is that of the side on which the seeds' P, `positive`, is.
    """
    sides = True, True
    if any(m == 1 for _, m in shapes):
        here = positive[None], np.arange(len(shapes))[None], shapes, RANDOM[P]
        sides = bool(on_side(*here, True)[0]), bool(on_side(*here, False)[0])
    return least_of(tuple(shapes), rarest_seed, *sides)


def rarest_seed(r: int, m: int, below: bool, above: bool) -> float:
    """The p-value of the rarest seed there can be, on the sides of the null that are asked for."""
    pool = random_pool(r, m)[P]
    if m > 1:  # T or P can be beyond its whole pool
        return float(add_one_p(0, len(pool)))
    sides = [at_most(pool, pool[0])] * below + [at_least(pool, pool[-1])] * above
    return float(min(sides, default=1.0))


def least_p_minimising(shapes: Shapes) -> float:
    """The p-value of P = 0, or the lowest of each null: the larger one of those against random
    directions and against tight frames."""
    return least_of(tuple(shapes), rarest_minimising)


def rarest_minimising(r: int, m: int) -> float:
    """The same for one seed of r directions in m dimensions."""
    pools = [random_pool(r, m)[P]]
    if r > m:
        pools.append(tight_pool(r, m))
    if m < r <= LARGEST_DRAWN:
        pools.append(whitened_pool(r, m))
    return float(max(at_most(pool, pool[0]) for pool in pools))


def could_be_shown(p: PValues, least: float, alpha: float) -> bool:
    """Whether P is as low, without correction, as would show it, or as so few seeds can show.

    `least` is `least_p_minimising`. More seeds of the same kind would then be below both nulls.
    """
    known = [q for q in (p.P_below_random, p.P_below_tight) if not math.isnan(q)]
    return bool(known) and max(known) < 1 and max(known) <= max(alpha, ALIKE * least)


@cache
def least_of(shapes: tuple[tuple[int, int], ...], rarest: Callable, *sides: bool) -> float:
    """The p-value of seeds of which each is as rare as `rarest(r, m, *sides)`; NaN of none."""
    if not shapes:
        return math.nan
    known = {shape: rarest(*shape, *sides) for shape in set(shapes)}
    return majority_of_equal(tuple(known[shape] for shape in shapes))


@cache
def majority_of_equal(chances: tuple[float, ...]) -> float:
    """`majority_p` where majorities of every size have the same chances, one for each seed."""
    return float(majority_p(np.tile(chances, (len(chances) - len(chances) // 2, 1))))


def p_values_of(
    shapes: Shapes,
    squared: np.ndarray,
    positive: np.ndarray,
    sharing: np.ndarray,
    same: np.ndarray,
    *,
    sizes: Sequence[int] | None = None,
) -> list[PValues]:
    """The p-values of groups of seeds: `sizes` says how many neighbours are a group, and without
    it all seeds are one.

    `shapes` has (r, m) of each seed. T, P, the fraction of features that share a direction, and the
    fraction that have the same direction as another are (seeds,) each. NaN for a group of none.
    """
    distinct, which = numbered(shapes)
    counts = np.array([len(shapes)] if sizes is None else sizes, dtype=int)
    found = np.full((len(counts), 6), math.nan)
    for groups, places in by_count(counts):
        at_once = max(1, NUMBERS_AT_ONCE // places.shape[-1] ** 2)
        for start in range(0, len(groups), at_once):
            some = slice(start, start + at_once)
            values = (each[places[some]] for each in (squared, positive, sharing, same))
            found[groups[some]] = of_equal_groups(distinct, which[places[some]], *values)
    return [PValues(*row) for row in found.tolist()]


def of_equal_groups(
    shapes: Shapes,
    which: np.ndarray,
    squared: np.ndarray,
    positive: np.ndarray,
    sharing: np.ndarray,
    same: np.ndarray,
) -> np.ndarray:
    """The p-values of groups of equally many seeds, (groups, 6)."""
    r, m = np.array(shapes).T

    def tested(values: np.ndarray, pool_of: Callable, low: bool, groups=np.True_) -> np.ndarray:
        chosen = np.broadcast_to(groups, len(which))
        found = np.full(len(which), math.nan)
        found[chosen] = p_value(values[chosen], which[chosen], shapes, pool_of, low)
        return found

    steep = ~((m == 1)[which].any(axis=1) | np.isnan(squared).any(axis=1))
    framed = (r > m)[which].any(axis=1)
    # The larger p-value of P against two kinds of tight frames. One has equal norms, the other
    # comes from whitening, and its norms differ. With many columns the two hardly differ.
    drawn = framed & ~(r > LARGEST_DRAWN)[which].any(axis=1)
    frames = (
        tested(positive, tight_pool, True, framed),
        tested(positive, whitened_pool, True, drawn),
    )
    # In a plane random directions often share one, but are hardly ever the same.
    shared = (tested(sharing, RANDOM[SHARING], False), tested(same, RANDOM[SAME], False))
    columns = [
        tested(squared, RANDOM[T], True, steep),
        tested(squared, RANDOM[T], False, steep),
        tested(positive, RANDOM[P], True),
        tested(positive, RANDOM[P], False),
        np.fmax(*frames),
        np.minimum(1.0, 2 * np.minimum(*shared)),
    ]
    return np.stack(columns, axis=1)


def whitened_pool(r: int, m: int) -> np.ndarray:
    """P of whitened directions, sorted, (matrices,). For r <= m it is 0, as for equal norms."""
    return haar_pool(r, m) if r > m else tight_pool(r, m)
