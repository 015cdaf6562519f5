"""Of how many conditions something must be true, when of some it is not known.

Three-valued logic (Kleene): an answer is given where no outcome of the unknown ones could flip it.
"""

from collections.abc import Sequence

from toysup.spec.claim import Answer, Holds

Truth = bool | None  # None: not known


def every(truths: Sequence[Truth]) -> Truth:
    """Whether it is true of all of them.

    >>> every([True, None]), every([False, None]), every([True, True])
    (None, False, True)
    """
    return False if False in truths else None if None in truths or not truths else True


def no(truths: Sequence[Truth]) -> Truth:
    """Whether it is true of none of them."""
    return every([None if truth is None else not truth for truth in truths])


def some(truths: Sequence[Truth]) -> Truth:
    """Whether it is true of at least one of them."""
    none = no(truths)
    return None if none is None else not none


def most(truths: Sequence[Truth]) -> Truth:
    """Whether it is true of more than half of them.

    >>> most([True, True, None]), most([True, False, None]), most([True, False])
    (True, None, False)
    """
    true, unknown, half = truths.count(True), truths.count(None), len(truths) / 2
    return True if true > half else None if true + unknown > half or not truths else False


HOLDS = {Holds.EVERY: every, Holds.SOME: some, Holds.NO: no, Holds.MOST: most, Holds.MEAN: every}


def answer(holds: str, truths: Sequence[Truth]) -> Answer:
    """What the conditions make of a claim."""
    truth = HOLDS[Holds(holds)](list(truths))
    return Answer.UNDECIDED if truth is None else Answer.SUPPORTED if truth else Answer.REFUTED


def deciding(holds: str, truths: Sequence[Truth]) -> list[int]:
    """The places of those that an answer rests on: those that break a rule, or are not known."""
    found = answer(holds, truths)
    says_so = (found == Answer.SUPPORTED) != (holds == Holds.NO)
    wanted = None if found == Answer.UNDECIDED else says_so
    return [place for place, truth in enumerate(truths) if truth is wanted]
