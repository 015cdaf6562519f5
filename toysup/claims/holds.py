"""Of how many conditions something must be true, when of some it is not known.

Three-valued logic (Kleene): an answer is given where no outcome of the unknown ones could flip it.
"""

from collections.abc import Sequence

from toysup.claims import shares
from toysup.claims.truth import Truth, opposite
from toysup.spec.claim import GRID, SHARES, Answer, Holds


def every(truths: Sequence[Truth]) -> Truth:
    """Whether it is true of all of them.

    >>> every([True, None]), every([False, None]), every([True, True])
    (None, False, True)
    """
    return False if False in truths else None if None in truths or not truths else True


def no(truths: Sequence[Truth]) -> Truth:
    """Whether it is true of none of them."""
    return every([opposite(truth) for truth in truths])


def some(truths: Sequence[Truth]) -> Truth:
    """Whether it is true of at least one of them."""
    return opposite(no(truths))


def most(truths: Sequence[Truth]) -> Truth:
    """Whether it is true of more than half of them; of a grid, whether their share shows it.

    >>> most([True, True, None]), most([True, False, None]), most([True, False])
    (True, None, False)
    """
    if by_share(Holds.MOST, truths):
        return shares.most(truths)
    true, unknown, half = truths.count(True), truths.count(None), len(truths) / 2
    return True if true > half else None if true + unknown > half or not truths else False


def by_share(holds: str, truths: Sequence[Truth]) -> bool:
    """Whether the share of conditions decides, rather than each of them."""
    return holds in SHARES or (holds == Holds.MOST and len(truths) >= GRID)


HOLDS = {
    Holds.EVERY: every,
    Holds.SOME: some,
    Holds.NO: no,
    Holds.MOST: most,
    Holds.ALWAYS: shares.always,
    Holds.NEVER: shares.never,
    Holds.SOMETIMES: shares.sometimes,
    Holds.MEAN: every,
}
AGAINST = (Holds.NO, Holds.NEVER)  # supported by the conditions of which it is false


def answer(holds: str, truths: Sequence[Truth]) -> Answer:
    """What the conditions make of a claim."""
    truth = HOLDS[Holds(holds)](list(truths))
    return Answer.UNDECIDED if truth is None else Answer.SUPPORTED if truth else Answer.REFUTED


def deciding(holds: str, truths: Sequence[Truth]) -> list[int]:
    """The places of those that an answer rests on.

    They are those that bear it out; where there is no answer, those of which it is not known, else
    those that speak against the claim, else all.
    """
    found, says_so = answer(holds, truths), holds not in AGAINST
    in_order = (None, not says_so, says_so)
    if found != Answer.UNDECIDED:
        in_order = ((found == Answer.SUPPORTED) == says_so,)
    places = ([i for i, truth in enumerate(truths) if truth is wanted] for wanted in in_order)
    return next((of_kind for of_kind in places if of_kind), [])
