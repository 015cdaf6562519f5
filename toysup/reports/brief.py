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
                line(decision.claim.says),
                "; ".join(part for part in (effect_numbers(decision), basins(decision)) if part),
                target(decision.claim),
                Text(WORDS[decision.answer], style=STYLES[decision.answer]),
                Text(WORDS[decision.claim.predicted], style="dim"),
                before(decision),
            )
    out.print(table)
    out.print()
    claims = [found for run in checked for found in run.claims]
    every = [found.answer for found in claims if not found.claim.check]
    out.print(f"{every.count(Answer.SUPPORTED)} of {len(every)} pass. {summary_of(checked)}")
    if words := checks(claims):
        out.print(words)


def before(decision: Decision) -> Text:
    """The answer of the first whole run, and whether it changed."""
    if decision.as_before is None:
        return Text("new", style="dim")
    word = WORDS[decision.claim.outcome]
    return (
        Text(word, style="dim") if decision.as_before else Text(f"{word}: changed", style=CHANGED)
    )
