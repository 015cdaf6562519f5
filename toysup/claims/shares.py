"""Quantifiers that the share of a grid's conditions decides: always, never, sometimes and most.

The conditions of a grid are a sample of all possible conditions. One exception among many does not
refute "never", and no exception among few does not support it. The Clopper-Pearson interval of the
share at 95% decides. The answer is known if no value of the unknown truths could change it.
"""

from collections.abc import Callable, Sequence

from toysup.claims.truth import Truth, opposite
from toysup.verdict.statistics import Interval, clopper_pearson

EXCEPTION = 0.05  # a share that a word like "never" tolerates
RARE = 1 / 3  # "never" is supported if the share is certainly below this
HALF = 1 / 2


def share(truths: Sequence[Truth]) -> Interval:
    """The share of known truths that are true.

    The lower bound is that of the share if every unknown truth is false, and the upper bound that
    of the share if every unknown truth is true.

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
    """Whether only exceptions are true.

    >>> never([False] * 10), never([False] * 4), never([True] + [False] * 55), never([True] * 4)
    (True, None, True, False)
    """
    return if_certain(truths, is_never)


def is_never(share: Interval) -> Truth:
    return False if share.low > EXCEPTION else True if share.high < RARE else None


def always(truths: Sequence[Truth]) -> Truth:
    """Whether only exceptions are false."""
    return never([opposite(truth) for truth in truths])


def sometimes(truths: Sequence[Truth]) -> Truth:
    """Whether more than exceptions are true; false where "never" is true.

    >>> sometimes([True] * 3 + [False] * 10), sometimes([True] + [False] * 9)
    (True, None)
    """
    return opposite(never(truths))


def most(truths: Sequence[Truth]) -> Truth:
    """Whether more than half of all possible conditions are true.

    >>> most([True] * 9 + [False]), most([True] * 8 + [False] * 2)
    (True, None)
    """
    return if_certain(truths, is_most)


def is_most(share: Interval) -> Truth:
    return True if share.low > HALF else False if share.high < HALF else None


def if_certain(truths: Sequence[Truth], decide: Callable[[Interval], Truth]) -> Truth:
    """The decision, if it is the same with every unknown truth false and with every one true."""
    true, unknown = truths.count(True), truths.count(None)
    outcomes = {decide(clopper_pearson(k, len(truths))) for k in (true, true + unknown)}
    return outcomes.pop() if len(outcomes) == 1 else None
