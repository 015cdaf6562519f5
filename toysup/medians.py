"""Medians over seeds: one bad seed of ten must not decide. Their intervals and their p-values."""

import math

import numpy as np

from toysup.statistics import CONFIDENCE, Interval


def median_interval(values: np.ndarray, confidence: float = CONFIDENCE) -> Interval:
    """The median of `values` `(seeds,)`, and the order statistics that its true value is between.

    The narrowest symmetric pair that holds it with this confidence, whatever the distribution:
    with ten seeds the second smallest and the second largest. Fewer than six seeds cannot be that
    sure: theirs is the whole range, which five hold it in with 94%, two with 50%. One seed has no
    bounds. NaN gives NaN.

    >>> median_interval([3.0, 1.0, 2.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 100.0])
    Interval(value=5.5, low=2.0, high=9.0)

    Source: Thompson 1936, "On confidence ranges for the median".
    """
    values = np.sort(np.asarray(values, dtype=float))
    if not len(values) or np.isnan(values).any():
        return Interval(math.nan, math.nan, math.nan)
    middle, place = float(np.median(values)), outermost(len(values), confidence)
    if len(values) == 1:
        return Interval(middle, math.nan, math.nan)
    return Interval(middle, float(values[place]), float(values[-1 - place]))


def outermost(count: int, confidence: float) -> int:
    """How many values may be cut off on either side of `count` in order.

    The median is outside of the rest with a chance of 2 P(B <= place), B ~ Binomial(count, 1/2).
    """
    place, tail = -1, 0.0
    while 2 * (tail := tail + math.comb(count, place + 1) / 2**count) <= 1 - confidence:
        place += 1
    return max(0, place)


def median_p(chances: np.ndarray) -> float:
    """The chance that the median of a null group is as extreme as the one observed, or more.

    `chances` `(seeds,)` has the chance of each seed of the null to be as extreme as the observed
    median. A group's median is only if at least half of its seeds are, so the chance that half of
    them are is the p-value: exact for an odd number of seeds, and too large for an even number,
    never too small. One seed's is its own chance. NaN where a chance is, or where there is none.

    >>> round(median_p(np.full(5, 0.1)), 6), median_p(np.array([0.25]))
    (0.00856, 0.25)
    """
    if not len(chances) or np.isnan(chances).any():
        return math.nan
    counts = np.array([1.0])  # the chance of 0, 1, 2, ... seeds of those so far
    for chance in chances:
        counts = np.append(counts * (1 - chance), 0.0) + np.append(0.0, counts * chance)
    return float(min(1.0, counts[(len(chances) + 1) // 2 :].sum()))
