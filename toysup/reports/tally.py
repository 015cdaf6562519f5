"""How many claims came out as in the first run, and how many predictions came true, in words."""

from collections.abc import Sequence

from toysup.claims.decision import CheckedRun, Decision, HitRate, hit_rate
from toysup.reports.words import counted, joined


def summary(claims: Sequence[Decision]) -> str:
    """How many claims of a run came out as in the first run, and how many as predicted."""
    return summary_text(claims, [found.claim.name for found in claims if found.as_before is False])


def summary_of(checked: Sequence[CheckedRun]) -> str:
    """The same of several runs, with the run of each claim that changed."""
    if len(checked) == 1:
        return summary(checked[0].claims)
    changed = [f"{found.claim.name} of {run.run}" for run in checked for found in run.changed]
    return summary_text([found for run in checked for found in run.claims], changed)


def summary_text(claims: Sequence[Decision], changed: Sequence[str]) -> str:
    return f"{outcome_counts(claims, changed)} {predictions(hit_rate(claims))}"


def outcome_counts(claims: Sequence[Decision], changed: Sequence[str]) -> str:
    """How many claims came out as in the first whole run, which did not, and which are new."""
    new = sum(found.as_before is None for found in claims)
    if new == len(claims):
        return f"{counted(new, 'new claim')}, with no outcome before."
    same = len(claims) - new - len(changed)
    words = f"{same} of {counted(len(claims) - new, 'claim')} came out as in the first run"
    words += f"; {len(changed)} changed: {joined(changed)}" if changed else ""
    return f"{words}; {new} new." if new else f"{words}."


def predictions(found: HitRate) -> str:
    """The hit rate.

    >>> rate = HitRate(predictions=83, came_true=54, decided=71, came_true_of_decided=53,
    ...     undecided=12, written_after=2)
    >>> predictions(rate)  # doctest: +NORMALIZE_WHITESPACE
    '54 of 83 predictions came true; 12 undecided; of the 71 that were decided, 53 came true;
     2 claims written after the run, without a prediction.'
    """
    words = f"{found.came_true} of {counted(found.predictions, 'prediction')} came true"
    if found.undecided:
        words += f"; {found.undecided} undecided"
    if found.undecided and found.decided:
        words += (
            f"; of the {found.decided} that were decided, {found.came_true_of_decided} came true"
        )
    if found.written_after:
        words += (
            f"; {counted(found.written_after, 'claim')} written after the run, without a prediction"
        )
    return f"{words}."


def diverged(run: CheckedRun) -> str:
    """How many instances of a run diverged, as a sentence; "" where none did."""
    if not run.diverged:
        return ""
    return f"{run.run}: {run.diverged:,} of {counted(run.instances, 'instance')} diverged."
