"""Where a curve passes a level, as far as its points are known."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from toysup.claims.truth import Truth
from toysup.verdict.statistics import Interval


@dataclass(frozen=True)
class Crossing:
    """Whether a curve passes the level where it should and nowhere else, and where it does.

    `at` is interpolated between the means of two points. Its bounds are points of the curve that
    are on either side for certain: whatever the curve does between them, it passes the level there.
    """

    truth: Truth
    at: Interval


def crossing(x: np.ndarray, band: Interval, level: float, between: tuple[float, float]) -> Crossing:
    """Where `band`, the mean and bounds of a curve at the ascending points `x`, passes `level`.

    True if it passes it in `between` for certain, and nowhere else; false if it passes it elsewhere
    for certain, or cannot in between.
    """
    side = np.where(band.low > level, 1, np.where(band.high < level, -1, 0))
    sure = passes(x, side)
    doubtful = unsure(x, side, sure)
    first, last = between

    def inside(part):
        return first <= part[0] and part[1] <= last

    def outside(part):
        return part[1] <= first or last <= part[0]

    truth = None
    if any(map(outside, sure)) or (not sure and all(map(outside, doubtful))):
        truth = False
    elif sure and all(map(inside, sure + doubtful)):
        truth = True
    parts = sure + doubtful
    low, high = (min(p[0] for p in parts), max(p[1] for p in parts)) if parts else (np.nan,) * 2
    return Crossing(truth, Interval(interpolated(x, band.value, level), float(low), float(high)))


def passes(x: np.ndarray, side: np.ndarray) -> list[tuple[float, float]]:
    """The stretches between points that are on different sides for certain."""
    known = np.flatnonzero(side)
    return [(x[i], x[j]) for i, j in pairwise(known) if side[i] != side[j]]


def unsure(x: np.ndarray, side: np.ndarray, sure: list) -> list[tuple[float, float]]:
    """The other stretches where it might pass: around points that may be on either side."""
    known = np.flatnonzero(side)
    found = []
    for i in np.flatnonzero(side == 0):
        before, after = known[known < i], known[known > i]
        part = x[before[-1]] if len(before) else x[0], x[after[0]] if len(after) else x[-1]
        if part not in sure and part not in found:
            found.append(part)
    return found


def interpolated(x: np.ndarray, mean: np.ndarray, level: float) -> float:
    """Where the straight lines between the means first pass the level; NaN where they don't.

    >>> interpolated(np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.2, 0.6]), 0.5)
    1.75
    """
    for i in range(len(x) - 1):
        step, rest = mean[i + 1] - mean[i], level - mean[i]
        if step and 0 <= rest / step <= 1:
            return float(x[i] + (x[i + 1] - x[i]) * rest / step)
    return float("nan")
