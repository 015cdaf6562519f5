"""Medians and majorities over seeds, so that one bad seed of ten does not decide."""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from toysup.verdict.groups import by_count
from toysup.verdict.statistics import CONFIDENCE, Interval


def median_interval(values: np.ndarray) -> Interval:
    """The median of `values`, `(seeds,)`, with an interval for the true median.

    The bounds are the narrowest symmetric pair of order statistics with 95% confidence, for any
    distribution. With ten seeds they are the second smallest and the second largest value. Fewer
    than six seeds cannot reach 95%: their bounds are the whole range, which has 94% with five seeds
    and 50% with two. One seed has no bounds. NaN gives NaN.

    >>> median_interval([3.0, 1.0, 2.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 100.0])
    Interval(value=5.5, low=2.0, high=9.0)

    Source: Thompson 1936, "On confidence ranges for the median".
    """
    values = np.asarray(values, dtype=float)
    return median_intervals(values, [len(values)])[0]


def median_intervals(values: np.ndarray, sizes: Sequence[int] | np.ndarray) -> list[Interval]:
    """`median_interval` of each group of neighbouring values, `sizes` of them; NaN of none."""
    found = [Interval(math.nan, math.nan, math.nan)] * len(sizes)
    for groups, places in by_count(sizes):
        ordered, seeds = np.sort(values[places], axis=-1), places.shape[-1]
        bounds = np.full((2, len(groups)), math.nan)
        if seeds > 1:
            place = rank_of_bound(seeds, CONFIDENCE)
            undefined = np.isnan(ordered[:, -1])  # NaN comes last
            bounds = np.where(undefined, math.nan, ordered[:, [place, -1 - place]].T)
        columns = middle(ordered).tolist(), *bounds.tolist()
        for group, *numbers in zip(groups.tolist(), *columns, strict=True):
            found[group] = Interval(*numbers)
    return found


def middle(ordered: np.ndarray) -> np.ndarray:
    """The medians of sorted values, `(groups, seeds)`, of one seed or more: `(groups,)`."""
    count = ordered.shape[-1]
    found = (ordered[:, (count - 1) // 2] + ordered[:, count // 2]) / 2
    return np.where(np.isnan(ordered[:, -1]), math.nan, found)


def medians_of(values: np.ndarray, sizes: Sequence[int] | np.ndarray) -> np.ndarray:
    """The medians of groups of neighbouring values, `sizes` of them, `(groups,)`; NaN of none."""
    found = np.full(len(sizes), math.nan)
    for groups, places in by_count(sizes):
        found[groups] = middle(np.sort(values[places], axis=-1))
    return found


@cache
def rank_of_bound(count: int, confidence: float) -> int:
    """The index of the lower bound among `count` sorted values.

    The median is outside of the bounds with probability 2 P(B <= index), B ~ Binomial(count, 1/2).
    """
    place, tail = -1, 0.0
    while 2 * (tail := tail + math.comb(count, place + 1) / 2**count) <= 1 - confidence:
        place += 1
    return max(0, place)


def poisson_binomial(chances: np.ndarray) -> np.ndarray:
    """The probabilities that 0, 1, 2, ... of independent events happen, `(..., events + 1)`.

    `chances` has the probability of each event, `(..., events)`.

    >>> poisson_binomial(np.array([[0.5, 0.5]]))
    array([[0.25, 0.5 , 0.25]])
    """
    events = chances.shape[-1]
    happened = np.zeros((*chances.shape[:-1], events + 1))
    happened[..., 0] = 1
    for count in range(1, events + 1):  # of events so far
        chance = chances[..., count - 1, None]
        possible = happened[..., : count + 1]
        more = possible[..., :-1] * chance
        possible *= 1 - chance
        possible[..., 1:] += more
    return happened


def tail(probabilities: np.ndarray, count: int) -> np.ndarray:
    """The probability of `count` or more, `(...)`, from those of 0, 1, 2, ..., `(..., counts)`."""
    return np.minimum(1.0, probabilities[..., count:].sum(axis=-1))


def majority_p(chances: np.ndarray) -> np.ndarray:
    """The p-value of a majority of seeds, so that a few bad seeds decide nothing; `(...)`.

    For n seeds, `chances`, `(..., n - n // 2, n)`, has a row for each size of majority, from the
    smallest to n. A row has, for each seed, the probability that a null seed is as extreme as the
    least extreme seed of the majority. The p-value of a majority of k is the probability of k or
    more such null seeds. All n seeds get half of the level, and the smaller majorities share the
    other half (Bonferroni). With ten seeds, six very rare ones are enough, and so are ten slightly
    rare ones. The p-value of one seed is its own probability. NaN gives NaN.

    >>> float(majority_p(np.array([[0.25]])))
    0.25
    >>> bool(majority_p(np.full((5, 10), 0.5)) == 2 * 0.5**10)
    True
    """
    seeds = chances.shape[-1]
    if not seeds:
        return np.full(chances.shape[:-2], math.nan)
    probabilities = poisson_binomial(chances)
    *majorities, every = [
        tail(probabilities[..., place, :], count)
        for place, count in enumerate(range(seeds // 2 + 1, seeds + 1))
    ]
    if majorities:
        least = 2 * len(majorities) * np.min(majorities, axis=0)
        every = np.minimum(1.0, np.minimum(2 * every, least))
    return np.where(np.isnan(chances).any(axis=(-2, -1)), math.nan, every)
