"""What the share of a grid's conditions says of "always", "never", "sometimes" and "most".

The conditions of a grid are a sample of those that there could be. One exception among many does
not refute "never", and none among few does not support it: what counts is what the share may be,
by its Clopper-Pearson interval at 95%. An answer is given where no outcome of the conditions of
which it is not known could flip it.
"""

from collections.abc import Callable, Sequence

from toysup.claims.truth import Truth, opposite
from toysup.verdict.statistics import Interval, clopper_pearson

EXCEPTION = 0.05  # a share that a word like "never" tolerates
ENOUGH = 1 / 3  # "never" is supported where the share is below this for certain
HALF = 1 / 2


def share(truths: Sequence[Truth]) -> Interval:
    """The share that is true, of those of which it is known, from the lower bound of what it is of
    all if the rest is false to the upper bound of what it is if the rest is true.

    >>> known = share([True] * 5 + [False] * 5)
    >>> wider = share([True] * 5 + [False] * 5 + [None] * 5)
    >>> wider.value == known.value and wider.low < known.low and wider.high > known.high
    True
    """
    true, unknown, count = truths.count(True), truths.count(None), len(truths)
    low, high = (clopper_pearson(k, count) for k in (true, true + unknown))
    mean = true / (count - unknown) if count > unknown else float("nan")
    return Interval(mean, low.low, high.high)


def never(truths: Sequence[Truth]) -> Truth:
    """Whether it is true of no more than exceptions.

    >>> never([False] * 10), never([False] * 4), never([True] + [False] * 55), never([True] * 4)
    (True, None, True, False)
    """
    return whatever_the_rest(truths, is_never)


def is_never(of: Interval) -> Truth:
    return False if of.low > EXCEPTION else True if of.high < ENOUGH else None


def always(truths: Sequence[Truth]) -> Truth:
    """Whether it is false of no more than exceptions."""
    return never([opposite(truth) for truth in truths])


def sometimes(truths: Sequence[Truth]) -> Truth:
    """Whether it is true of more than exceptions; refuted where it is never so.

    >>> sometimes([True] * 3 + [False] * 10), sometimes([True] + [False] * 9)
    (True, None)
    """
    return opposite(never(truths))


def most(truths: Sequence[Truth]) -> Truth:
    """Whether it is true of more than half of the conditions there could be.

    >>> most([True] * 9 + [False]), most([True] * 8 + [False] * 2)
    (True, None)
    """
    return whatever_the_rest(truths, is_most)


def is_most(of: Interval) -> Truth:
    return True if of.low > HALF else False if of.high < HALF else None


def whatever_the_rest(truths: Sequence[Truth], says: Callable[[Interval], Truth]) -> Truth:
    """What the interval says both if the rest is false and if it is true."""
    true, unknown = truths.count(True), truths.count(None)
    both = {says(clopper_pearson(k, len(truths))) for k in (true, true + unknown)}
    return both.pop() if len(both) == 1 else None
