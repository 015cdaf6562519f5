"""What medians over seeds would be under the nulls: the bands that pictures show."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from toysup.verdict.nulls import STREAMS, P, T, random_pool, tight_pool
from toysup.verdict.statistics import Interval

DRAWS = 2000  # null groups behind a band
UNKNOWN = Interval(math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Bands:
    """The median, and the range of 95%, of a null's medians over seeds."""

    squared_interference: Interval
    positive_interference: Interval
    minimisation_index: Interval


def band(medians: np.ndarray) -> Interval:
    """The middle and the range of 95% of many medians; NaN where any is."""
    if not medians.size or np.isnan(medians).any():
        return UNKNOWN
    low, middle, high = np.quantile(medians, [0.025, 0.5, 0.975])
    return Interval(float(middle), float(low), float(high))


def of_pools(pools: list[np.ndarray], best: np.ndarray, stream: int) -> tuple[Interval, Interval]:
    """The bands of P and of the index (1 - P) / (1 - P*) of groups with one draw of each pool."""
    rng = np.random.default_rng([stream, len(pools)])
    drawn = np.stack([pool[rng.integers(len(pool), size=DRAWS)] for pool in pools])
    index = (1 - drawn) / (1 - best)[:, None]
    return band(np.median(drawn, axis=0)), band(np.median(index, axis=0))


def of_random(shapes, best: np.ndarray) -> Bands:
    """Random directions, with the (r, m) of each seed and its optimum P*."""
    return _of_random(tuple(shapes), tuple(best.tolist()))


def of_tight(shapes, best: np.ndarray) -> Bands:
    """Random equal-norm tight frames, whose T is 0; NaN where a seed has too few features."""
    return _of_tight(tuple(shapes), tuple(best.tolist()))


@cache
def _of_random(shapes: tuple, best: tuple) -> Bands:
    if not shapes:
        return Bands(UNKNOWN, UNKNOWN, UNKNOWN)
    pools = [random_pool(r, m) for r, m in shapes]
    positive, index = of_pools([pool[P] for pool in pools], np.array(best), STREAMS["random"])
    rng = np.random.default_rng([STREAMS["random"], len(pools)])
    drawn = np.stack([pool[T][rng.integers(len(pool[T]), size=DRAWS)] for pool in pools])
    return Bands(band(np.median(drawn, axis=0)), positive, index)


@cache
def _of_tight(shapes: tuple, best: tuple) -> Bands:
    if not shapes or not all(r > m for r, m in shapes):
        return Bands(UNKNOWN, UNKNOWN, UNKNOWN)
    pools = [tight_pool(r, m) for r, m in shapes]
    return Bands(Interval(0.0, 0.0, 0.0), *of_pools(pools, np.array(best), STREAMS["tight"]))
