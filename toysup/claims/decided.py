"""What came of a claim, of those of a run, and of how many a prediction came true."""

from collections.abc import Iterable
from dataclasses import dataclass

from toysup.spec.claim import Answer, Claim
from toysup.verdict.basins import Basins
from toysup.verdict.statistics import Interval


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What the results make of a claim, and on what evidence."""

    claim: Claim
    answer: Answer
    predicted_right: bool | None  # None where the claim was written after the run
    as_before: bool | None  # whether the first whole run gave it; None where there was none yet
    effect: Interval  # with the bounds that hold for all comparisons together
    unit: str  # what the effect is a number of
    share: Interval | None  # of the conditions, where that is what decides
    true: int  # of how many conditions, or curves over conditions, it is true
    false: int
    unclear: int  # their interval is on both sides
    unjudged: int  # they diverged, still moved, or have too few seeds or nothing to compare
    not_at_stake: int  # they count neither way: their loss does not depend on the directions
    conditions: tuple[int, ...]  # those that the answer rests on
    basins: dict[int, Basins]  # of those of them whose seeds end in two basins of loss
    confidence: float  # of each interval


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The claims of one run, decided."""

    run: str
    title: str
    afterwards: str  # the file of claims that were written after the run; "" for the run's own
    claims: tuple[Decided, ...]

    @property
    def changed(self) -> tuple[Decided, ...]:
        """The claims of which something else came than before."""
        return tuple(found for found in self.claims if found.as_before is False)


@dataclass(frozen=True, kw_only=True)
class HitRate:
    """How many predictions came true. Claims that were written after their run made none."""

    predictions: int
    came_true: int
    decided: int  # of the predictions, those whose claims came out supported or refuted
    came_true_of_decided: int
    undecided: int
    written_after: int


def hit_rate(claims: Iterable[Decided]) -> HitRate:
    """How many of the claims' predictions came true, over all and over those that were decided.

    Checks of the program are left out: nothing was at risk in them.
    """
    claims = [found for found in claims if not found.claim.check]
    predicted = [found for found in claims if found.predicted_right is not None]
    decided = [found for found in predicted if found.answer != Answer.UNDECIDED]
    return HitRate(
        predictions=len(predicted),
        came_true=sum(bool(found.predicted_right) for found in predicted),
        decided=len(decided),
        came_true_of_decided=sum(bool(found.predicted_right) for found in decided),
        undecided=len(predicted) - len(decided),
        written_after=len(claims) - len(predicted),
    )
