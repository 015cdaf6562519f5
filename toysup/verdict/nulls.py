"""What a mean over seeds would be if directions were random: the nulls of the verdict.

Each seed of a group is matched by a null matrix with as many directions in as many dimensions, and
the group's mean is held against the means of many such groups.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from toysup.geometry import known_packing, random_directions, random_tight_frames
from toysup.metrics.interference import on_scale_of_positives, on_scale_of_squares
from toysup.statistics import Interval, add_one_p

SAMPLERS = {"random": random_directions, "tight": random_tight_frames}
DRAWS = 1000  # the least number of null groups
RESOLUTION = 10  # how far the least attainable p stays under what Holm asks for
POOL_COSINES = 2_000_000  # matrices times r^2: bounds the time and the memory of a pool
POOL = (1000, 10_000)  # matrices in a pool, at least and at most
COSINES_AT_ONCE = 2**17  # of a few null matrices: what stays in a cache
FEW = 64  # directions; for more, pools are interpolated
BLOCK = 10_000  # null groups in memory at a time
ROUNDING = 1e-9  # T and P closer than this are equal


@dataclass(frozen=True)
class Observed:
    """A group: (r, m) of each seed, how many directions in how many dimensions, and the seeds'
    mean T and P."""

    shapes: tuple[tuple[int, int], ...]
    squared_interference: float
    positive_interference: float


@dataclass(frozen=True)
class Bands:
    """The mean, and the range of 95%, of a null's means over seeds."""

    squared_interference: Interval
    positive_interference: Interval
    minimisation_index: Interval


@dataclass(frozen=True)
class PValues:
    """One-sided p-values of a group's T and P against random directions and tight frames."""

    T_below_random: float
    T_above_random: float
    P_below_random: float
    P_above_random: float
    T_below_tight: float
    P_below_tight: float


@dataclass(frozen=True)
class Compared:
    """A group beside both nulls."""

    random: Bands
    tight: Bands
    p_values: PValues


def n_draws(tests: int, alpha: float) -> int:
    """How many null groups a report with so many conditions needs.

    With 1000 draws the least p is 1/1001, and after Holm's correction over more than ten
    conditions nothing could be significant at 0.01. So the draws grow with the conditions.
    """
    return max(DRAWS, math.ceil(RESOLUTION * max(tests, 1) / alpha))


def drawn(null: str, r: int, m: int) -> np.ndarray:
    """T and P of many null matrices with `r` directions in `m` dimensions: `(matrices, 2)`."""
    rng = np.random.default_rng([list(SAMPLERS).index(null), r, m])
    size, parts = int(np.clip(POOL_COSINES // r**2, *POOL)), []
    block = max(1, COSINES_AT_ONCE // r**2)
    for start in range(0, size, block):
        W = SAMPLERS[null](rng, min(block, size - start), m, r)
        # Every column counts, however short a column of a tight frame may be: r is given.
        U = W / np.linalg.norm(W, axis=-2, keepdims=True)
        cosines = (U.mT @ U).reshape(len(U), r * r)
        squares = np.vecdot(cosines, cosines) - r
        np.maximum(cosines, 0, out=cosines)
        positives = np.vecdot(cosines, cosines) - r
        scaled = on_scale_of_squares(squares, r, m), on_scale_of_positives(positives, r, m)
        parts.append(np.stack(scaled, axis=1))
    return np.concatenate(parts)


@cache
def anchor(null: str, r: int, m: int) -> np.ndarray:
    """What is drawn for `r`, T and P each in order."""
    return np.sort(drawn(null, r, m), axis=0)


@cache
def pool(null: str, r: int, m: int) -> np.ndarray:
    """T and P of null matrices with `r` directions in `m` dimensions: `(matrices, 2)`.

    Groups are drawn from it with replacement: a fresh matrix for every seed of every null group
    would cost a hundred times as much, and the mean of the pool is off by only a few percent of
    a group's spread.

    Beyond FEW directions it lies between what is drawn for FEW times the powers of two around r,
    as many conditions each have an r of their own. The quantiles of T and P run straight in 1 / r:
    for random directions both have a mean of 1, T the same spread for every r, and P one that
    falls as 1 / r; for tight frames 1 - P falls as 1 / r.
    """
    if r <= FEW:
        return drawn(null, r, m)
    below = FEW * 2 ** int(math.log2(r / FEW))
    low, high = anchor(null, below, m), anchor(null, 2 * below, m)
    return low + (high - low) * (1 / below - 1 / r) / (1 / below - 0.5 / below)


def _sums(null: str, r: int, m: int, seeds: int, block: int, size: int) -> np.ndarray:
    """The sum of T and of P over `seeds` null matrices, `size` times: `(size, 2)`."""
    matrices = pool(null, r, m)
    rng = np.random.default_rng([list(SAMPLERS).index(null), r, m, seeds, block])
    total = np.zeros((size, 2))
    for _ in range(seeds):
        total += matrices.take(rng.integers(len(matrices), size=size), axis=0)
    return total


def _band(values: np.ndarray) -> Interval:
    if np.isnan(values).any():
        return Interval(np.nan, np.nan, np.nan)
    low, high = np.quantile(values, [0.025, 0.975])
    return Interval(float(values.mean()), float(low), float(high))


def _index_sum(sums: np.ndarray, r: int, m: int, seeds: int) -> np.ndarray:
    return (seeds - sums[:, 1]) / (1 - known_packing(r, m))


def _against(null: str, groups: Sequence[Observed], draws: int) -> tuple[list[Bands], np.ndarray]:
    """Each group's bands, and its p-values of T and P, below then above: `(groups, 2, 2)`."""
    observed = np.array([[g.squared_interference, g.positive_interference] for g in groups])
    alike: dict[tuple, list[int]] = {}  # groups with the same null: matched in every shape
    for i, group in enumerate(groups):
        alike.setdefault(tuple(sorted(group.shapes)), []).append(i)
    as_extreme = np.zeros((len(groups), 2, 2))
    bands: list[Bands] = [None] * len(groups)
    for block, start in enumerate(range(0, draws, BLOCK)):
        size = min(BLOCK, draws - start)
        sums = cache(_sums)  # groups with as many seeds of one shape share the draws for these
        for shapes, members in alike.items():
            parts = sorted(Counter(shapes).items())
            drawn = [sums(null, *shape, seeds, block, size) for shape, seeds in parts]
            means = np.sort(sum(drawn) / len(shapes), axis=0)
            for k in range(2):
                value = observed[members, k]
                below = np.searchsorted(means[:, k], value + ROUNDING, side="right")
                above = size - np.searchsorted(means[:, k], value - ROUNDING, side="left")
                as_extreme[members, k] += np.stack([below, above], axis=1)
            if block == 0:
                parted = zip(drawn, parts, strict=True)
                index = sum(_index_sum(d, *shape, seeds) for d, (shape, seeds) in parted)
                index /= len(shapes)
                band = Bands(_band(means[:, 0]), _band(means[:, 1]), _band(index))
                for i in members:
                    bands[i] = band
    # A single matrix cannot be rarer than one of its pool, however often the pool is drawn from.
    finest = [1 / (len(pool(null, *g.shapes[0])) + 1) if len(g.shapes) == 1 else 0 for g in groups]
    p = np.maximum(add_one_p(as_extreme, draws), np.array(finest)[:, None, None])
    return bands, np.where(np.isnan(observed)[..., None], np.nan, p)


def compare(groups: Sequence[Observed], draws: int) -> list[Compared]:
    """Every group beside random directions (N1) and Haar-random tight frames (N2).

    The draws depend on (r, m) alone, so the same groups always get the same answer. Where T or P
    is NaN (no two directions, or T in one dimension) its p-values are.
    """
    if not groups:
        return []
    random, p_random = _against("random", groups, draws)
    tight, p_tight = _against("tight", groups, draws)
    return [
        Compared(
            random[i],
            tight[i],
            PValues(*p_random[i].ravel().tolist(), *p_tight[i, :, 0].tolist()),
        )
        for i in range(len(groups))
    ]
