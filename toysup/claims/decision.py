"""The decision on a claim, the decisions of a run, and how many predictions came true."""

from collections.abc import Iterable
from dataclasses import dataclass

from toysup.spec.claim import Answer, Claim
from toysup.verdict.basins import Basins
from toysup.verdict.statistics import Interval


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The answer to a claim, with its evidence."""

    claim: Claim
    answer: Answer
    predicted_right: bool | None  # None where the claim was written after the run
    as_before: bool | None  # same answer as the first whole run; None where there was no such run
    effect: Interval  # its bounds hold for all comparisons together
    unit: str  # of the effect
    share: Interval | None  # of conditions for which it is true, if the share decides
    true: int  # number of conditions, or of curves over conditions, for which it is true
    false: int
    unclear: int  # the interval includes the level
    unjudged: int  # diverged, not converged, too few seeds, or nothing to compare with
    not_at_stake: int  # not counted: the loss does not depend on the directions
    conditions: tuple[int, ...]  # the ones that decide the answer
    basins: dict[int, Basins]  # deciding condition -> the two loss basins of its seeds, if two
    confidence: float  # of each interval


@dataclass(frozen=True, kw_only=True)
class CheckedRun:
    """The claims of one run, decided."""

    run: str
    title: str
    afterwards: str  # the file of claims written after the run; "" for the run's own claims
    claims: tuple[Decision, ...]
    instances: int
    diverged: int  # of the instances

    @property
    def changed(self) -> tuple[Decision, ...]:
        """The claims whose answer differs from that of the first whole run."""
        return tuple(decision for decision in self.claims if decision.as_before is False)


@dataclass(frozen=True, kw_only=True)
class HitRate:
    """How many predictions came true. A claim written after its run has no prediction."""

    predictions: int
    came_true: int
    decided: int  # predictions whose claim was supported or refuted
    came_true_of_decided: int
    undecided: int
    written_after: int


def hit_rate(claims: Iterable[Decision]) -> HitRate:
    """How many predictions came true: of all, and of those whose claim was decided.

    Checks of the program are left out, because they are true by construction.
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
