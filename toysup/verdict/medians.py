"""What most seeds of a group show: one bad seed of ten must not decide."""

import math

import numpy as np

from toysup.verdict.statistics import CONFIDENCE, Interval


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


def chance_of_at_least(count: int, chances: np.ndarray) -> float:
    """The chance that `count` or more of some independent events happen, of `chances` `(events,)`.

    >>> round(chance_of_at_least(3, np.full(5, 0.1)), 6)
    0.00856
    """
    happened = np.array([1.0])  # the chance of 0, 1, 2, ... of those so far
    for chance in chances:
        happened = np.append(happened * (1 - chance), 0.0) + np.append(0.0, happened * chance)
    return float(min(1.0, happened[count:].sum()))


def majority_p(chances: np.ndarray) -> float:
    """The p-value of what most seeds of a group show, so that a few bad ones decide nothing.

    Of `n` seeds, `chances` `(n - n // 2, n)` has a row for each majority, from the smallest to all
    of them: the chance of each seed of the null to be as extreme as the least extreme seed of that
    majority. A majority of k is as rare as k or more such seeds of the null. All seeds together
    have half of the level, the smaller majorities share the other half (Bonferroni): with ten
    seeds, six very rare ones are enough, and so are ten that are hardly rare each. One seed's is
    its own chance. NaN where a chance is.

    >>> majority_p(np.array([[0.25]])), majority_p(np.full((5, 10), 0.5)) == 2 * 0.5**10
    (0.25, True)
    """
    seeds = chances.shape[1]
    if np.isnan(chances).any() or not seeds:
        return math.nan
    smallest = seeds // 2 + 1
    *some, every = [chance_of_at_least(smallest + i, row) for i, row in enumerate(chances)]
    if not some:
        return every
    return min(1.0, 2 * every, 2 * len(some) * min(some))
