"""Quantifiers over conditions, some of whose truths are unknown.

Three-valued logic (Kleene): the answer is known if no value of the unknown truths could change it.
"""

from collections.abc import Sequence

from toysup.claims import shares
from toysup.claims.truth import Truth, opposite
from toysup.spec.claim import BY_SHARE, SMALLEST_GRID, Answer, Quantifier


def every(truths: Sequence[Truth]) -> Truth:
    """Whether all are true.

    >>> every([True, None]), every([False, None]), every([True, True])
    (None, False, True)
    """
    return False if False in truths else None if None in truths or not truths else True


def no(truths: Sequence[Truth]) -> Truth:
    """Whether none is true."""
    return every([opposite(truth) for truth in truths])


def some(truths: Sequence[Truth]) -> Truth:
    """Whether at least one is true."""
    return opposite(no(truths))


def most(truths: Sequence[Truth]) -> Truth:
    """Whether more than half are true; in a large grid, whether their share is above 1/2.

    >>> most([True, True, None]), most([True, False, None]), most([True, False])
    (True, None, False)
    """
    if decided_by_share(Quantifier.MOST, truths):
        return shares.most(truths)
    true, unknown, half = truths.count(True), truths.count(None), len(truths) / 2
    return True if true > half else None if true + unknown > half or not truths else False


def decided_by_share(quantifier: str, truths: Sequence[Truth]) -> bool:
    """Whether the share of conditions decides, rather than each condition."""
    return quantifier in BY_SHARE or (
        quantifier == Quantifier.MOST and len(truths) >= SMALLEST_GRID
    )


QUANTIFIERS = {
    Quantifier.EVERY: every,
    Quantifier.SOME: some,
    Quantifier.NO: no,
    Quantifier.MOST: most,
    Quantifier.ALWAYS: shares.always,
    Quantifier.NEVER: shares.never,
    Quantifier.SOMETIMES: shares.sometimes,
    Quantifier.MEAN: every,
}
NEGATIVE = (Quantifier.NO, Quantifier.NEVER)  # supported by conditions where the statement is false


def answer(quantifier: str, truths: Sequence[Truth]) -> Answer:
    """The answer to a claim with these truths."""
    truth = QUANTIFIERS[Quantifier(quantifier)](list(truths))
    return Answer.UNDECIDED if truth is None else Answer.SUPPORTED if truth else Answer.REFUTED


def deciding_places(quantifier: str, truths: Sequence[Truth]) -> list[int]:
    """The places of the truths that decide the answer.

    For supported or refuted, they are the truths that say so. For undecided, they are the unknown
    ones. If there are none, they are those against the claim; failing that, all others.
    """
    reached, supporting = answer(quantifier, truths), quantifier not in NEGATIVE
    wanted_truths = (None, not supporting, supporting)
    if reached != Answer.UNDECIDED:
        wanted_truths = ((reached == Answer.SUPPORTED) == supporting,)
    places = ([i for i, truth in enumerate(truths) if truth is wanted] for wanted in wanted_truths)
    return next((of_kind for of_kind in places if of_kind), [])
