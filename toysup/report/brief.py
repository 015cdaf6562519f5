"""Claims in brief, a line each: the expectation, what was measured, and whether it passes."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from toysup.claims.decision import CheckedRun, Decision
from toysup.report.claims import CHANGED, STYLES, checks
from toysup.report.console import console
from toysup.report.effects import basins, measured, side
from toysup.report.tally import summary_of
from toysup.spec.claim import NO_PREDICTION, Answer

WORDS = {
    Answer.SUPPORTED: "yes",
    Answer.REFUTED: "no",
    Answer.UNDECIDED: "undecided",
    NO_PREDICTION: "after the run",
}


def brief(checked: Sequence[CheckedRun], out: Console | None = None) -> None:
    """A line a claim: what was expected, what was measured, whether that is within tolerance, and
    whether that was predicted and came before."""
    out = out or console()
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    made.add_column("expectation", ratio=3)
    made.add_column("measured", ratio=2)
    made.add_column("tolerance", ratio=2)
    made.add_column("pass", no_wrap=True)
    made.add_column("predicted")
    made.add_column("before")
    for run in checked:
        made.add_row(Text(Path(run.run).name, style="bold"))
        for found in run.claims:
            if found.claim.check:
                continue
            made.add_row(
                found.claim.says,
                "; ".join(part for part in (measured(found), basins(found)) if part),
                side(found.claim),
                Text(WORDS[found.answer], style=STYLES[found.answer]),
                Text(WORDS[found.claim.predicted], style="dim"),
                before(found),
            )
    out.print(made)
    out.print()
    claims = [found for run in checked for found in run.claims]
    every = [found.answer for found in claims if not found.claim.check]
    out.print(f"{every.count(Answer.SUPPORTED)} of {len(every)} pass. {summary_of(checked)}")
    if words := checks(claims):
        out.print(words)


def before(found: Decision) -> Text:
    """What came of the first whole run."""
    if found.as_before is None:
        return Text("new", style="dim")
    word = WORDS[found.claim.outcome]
    return Text(word, style="dim") if found.as_before else Text(f"{word}: changed", style=CHANGED)
