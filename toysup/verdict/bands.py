"""Medians over seeds under the null hypotheses: the bands that pictures show."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from toysup.verdict.nulls import STREAMS, P, T, random_pool, tight_pool
from toysup.verdict.statistics import Interval

DRAWS = 2000  # groups of null seeds per band
UNKNOWN = Interval(math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Bands:
    """The median, and the central 95%, of a null's medians over seeds."""

    squared_interference: Interval
    positive_interference: Interval
    minimisation_index: Interval


def band(medians: np.ndarray) -> Interval:
    """The median and the central 95% of many medians; NaN if any of them is."""
    if not medians.size or np.isnan(medians).any():
        return UNKNOWN
    low, middle, high = np.quantile(medians, [0.025, 0.5, 0.975])
    return Interval(float(middle), float(low), float(high))


def bands_of_pools(
    pools: list[np.ndarray], best: np.ndarray, stream: int
) -> tuple[Interval, Interval]:
    """The bands of P and of the index (1 - P) / (1 - P*): each group has one draw per pool."""
    rng = np.random.default_rng([stream, len(pools)])
    drawn = np.stack([pool[rng.integers(len(pool), size=DRAWS)] for pool in pools])
    index = (1 - drawn) / (1 - best)[:, None]
    return band(np.median(drawn, axis=0)), band(np.median(index, axis=0))


def random_bands(shapes, best: np.ndarray) -> Bands:
    """The bands of random directions, for the (r, m) of each seed and its optimum P*."""
    return _random_bands(tuple(shapes), tuple(best.tolist()))


def tight_bands(shapes, best: np.ndarray) -> Bands:
    """The bands of random equal-norm tight frames, whose T is 0; NaN if a seed has r <= m."""
    return _tight_bands(tuple(shapes), tuple(best.tolist()))


@cache
def _random_bands(shapes: tuple, best: tuple) -> Bands:
    if not shapes:
        return Bands(UNKNOWN, UNKNOWN, UNKNOWN)
    pools = [random_pool(r, m) for r, m in shapes]
    positive, index = bands_of_pools([pool[P] for pool in pools], np.array(best), STREAMS["random"])
    rng = np.random.default_rng([STREAMS["random"], len(pools)])
    drawn = np.stack([pool[T][rng.integers(len(pool[T]), size=DRAWS)] for pool in pools])
    return Bands(band(np.median(drawn, axis=0)), positive, index)


@cache
def _tight_bands(shapes: tuple, best: tuple) -> Bands:
    if not shapes or not all(r > m for r, m in shapes):
        return Bands(UNKNOWN, UNKNOWN, UNKNOWN)
    pools = [tight_pool(r, m) for r, m in shapes]
    return Bands(Interval(0.0, 0.0, 0.0), *bands_of_pools(pools, np.array(best), STREAMS["tight"]))
