"""Where a curve crosses a level, given intervals for its points."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from toysup.claims.truth import Truth
from toysup.verdict.statistics import Interval


@dataclass(frozen=True)
class Crossing:
    """Whether a curve crosses the level where the claim says and nowhere else, and where.

    `at` is interpolated between the means of two points. Its bounds are two points of the curve
    that lie on opposite sides of the level for certain, so the curve crosses between them.
    """

    truth: Truth
    at: Interval


def find_crossing(
    x: np.ndarray, band: Interval, level: float, between: tuple[float, float]
) -> Crossing:
    """Where a curve crosses `level`.

    `x` has the ascending points of the curve, and `band` its mean and bounds there, (points,) each.
    True if the curve certainly crosses within `between`, and nowhere else. False if it certainly
    crosses elsewhere, or cannot cross within.
    """
    side = np.where(band.low > level, 1, np.where(band.high < level, -1, 0))
    certain = certain_crossings(x, side)
    possible = possible_crossings(x, side, certain)
    first, last = between

    def inside(stretch):
        return first <= stretch[0] and stretch[1] <= last

    def outside(stretch):
        return stretch[1] <= first or last <= stretch[0]

    truth = None
    if any(map(outside, certain)) or (not certain and all(map(outside, possible))):
        truth = False
    elif certain and all(map(inside, certain + possible)):
        truth = True
    stretches = certain + possible
    low, high = (
        (min(p[0] for p in stretches), max(p[1] for p in stretches)) if stretches else (np.nan,) * 2
    )
    return Crossing(truth, Interval(interpolate(x, band.value, level), float(low), float(high)))


def certain_crossings(x: np.ndarray, side: np.ndarray) -> list[tuple[float, float]]:
    """The stretches (start, end) whose ends are on opposite sides of the level for certain."""
    known = np.flatnonzero(side)
    return [(x[i], x[j]) for i, j in pairwise(known) if side[i] != side[j]]


def possible_crossings(x: np.ndarray, side: np.ndarray, certain: list) -> list[tuple[float, float]]:
    """The other stretches (start, end) where it might cross: around points of unknown side."""
    known = np.flatnonzero(side)
    stretches = []
    for i in np.flatnonzero(side == 0):
        before, after = known[known < i], known[known > i]
        stretch = x[before[-1]] if len(before) else x[0], x[after[0]] if len(after) else x[-1]
        if stretch not in certain and stretch not in stretches:
            stretches.append(stretch)
    return stretches


def interpolate(x: np.ndarray, mean: np.ndarray, level: float) -> float:
    """Where straight lines between the means first cross the level; NaN if they do not.

    >>> interpolate(np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.2, 0.6]), 0.5)
    1.75
    """
    for i in range(len(x) - 1):
        step, rest = mean[i + 1] - mean[i], level - mean[i]
        if step and 0 <= rest / step <= 1:
            return float(x[i] + (x[i + 1] - x[i]) * rest / step)
    return float("nan")
