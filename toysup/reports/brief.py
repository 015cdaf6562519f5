"""Claims in brief, a line each: the expectation, what was measured, and whether it passes."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from toysup.claims.decision import CheckedRun, Decision
from toysup.files.shown import line
from toysup.reports.claims import CHANGED, STYLES, checks
from toysup.reports.console import Text, console
from toysup.reports.effects import basins, effect_numbers, target
from toysup.reports.tally import summary_of
from toysup.spec.claim import NO_PREDICTION, Answer

WORDS = {
    Answer.SUPPORTED: "yes",
    Answer.REFUTED: "no",
    Answer.UNDECIDED: "undecided",
    NO_PREDICTION: "after the run",
}


def brief(checked: Sequence[CheckedRun], out: Console | None = None) -> None:
    """One line per claim: expectation, measurement, tolerance, answer, prediction and the answer of
    the first whole run."""
    out = out or console()
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("expectation", ratio=3)
    table.add_column("measured", ratio=2)
    table.add_column("tolerance", ratio=2)
    table.add_column("pass", no_wrap=True)
    table.add_column("predicted")
    table.add_column("first run")
    for run in checked:
        table.add_row(Text(Path(run.run).name, style="bold"))
        for decision in run.claims:
            if decision.claim.check:
                continue
            table.add_row(
                line(decision.claim.words),
                measured(decision),
                target(decision.claim),
                Text(WORDS[decision.answer], style=STYLES[decision.answer]),
                Text(WORDS[decision.claim.predicted], style="dim"),
                Text(before(decision), style=CHANGED if decision.as_before is False else "dim"),
            )
    out.print(table)
    out.print()
    claims = [found for run in checked for found in run.claims]
    out.print(f"{passing(claims)} {summary_of(checked)}")
    if words := checks(claims):
        out.print(words)


def measured(decision: Decision) -> str:
    """What was measured, as numbers."""
    return "; ".join(part for part in (effect_numbers(decision), basins(decision)) if part)


def passing(claims: Sequence[Decision]) -> str:
    """How many claims pass, without checks of the program."""
    every = [found.answer for found in claims if not found.claim.check]
    return f"{every.count(Answer.SUPPORTED)} of {len(every)} pass."


def before(decision: Decision) -> str:
    """The answer of the first whole run, and whether it changed."""
    if decision.as_before is None:
        return "new"
    word = WORDS[decision.claim.outcome]
    return word if decision.as_before else f"{word}: changed"
