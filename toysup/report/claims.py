"""Claims as a table: each sentence, what came of it, what was expected, and where to look."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from toysup.claims import ALPHA, Checked, Decided
from toysup.report.console import console
from toysup.report.effects import effect, measured, rule, side, where
from toysup.report.words import counted, joined
from toysup.spec.claim import Answer
from toysup.verdict import jsonable

STYLES = {Answer.SUPPORTED: "bold blue", Answer.REFUTED: "bold magenta", Answer.UNDECIDED: "dim"}
FOOTNOTE = (
    f"Intervals are Student's over the seeds, paired, and hold together at {1 - ALPHA:.0%} for all "
    "that the claims of a sweep compare. A condition counts if its answer would be the same had "
    "its metric moved on as far as in the last half of the training. A share of conditions lies "
    "between what it is if all that are not judged were false, and if they were true."
)


def show(checked: Sequence[Checked], out: Console | None = None) -> None:
    """One table of the claims of all runs, and how many came out as expected."""
    out = out or console()
    for run in checked:
        if run.afterwards:
            late = f"{run.run}: the claims of {run.afterwards}, written after the run."
            out.print(Text(late, style="bold"))
    out.print(table([(run.run, found) for run in checked for found in run.claims]))
    out.print()
    out.print(summary_of(checked))
    out.print(Text(FOOTNOTE, style="dim"))


def table(claims: Sequence[tuple[str, Decided]]) -> Table:
    """A row for each claim; `claims` come with the run that they are of, or "" to leave it out."""
    made = Table(box=None, padding=(0, 2, 1, 0), header_style="dim")
    made.add_column("claim, who made it, and its rule", ratio=1)
    made.add_column("came out", no_wrap=True)
    made.add_column("expected", width=len("as expected"))
    made.add_column("effect, and where to look", ratio=1)
    for run, found in claims:
        surprise = Text(f"{found.claim.expected}: a surprise", style="bold red")
        place = ", ".join(part for part in (run, where(found)) if part)
        made.add_row(
            under(under(Text(found.claim.says), found.claim.who), f"rule: {rule(found.claim)}"),
            Text(found.answer.value, style=STYLES[found.answer]),
            Text("as expected", style="dim") if found.as_expected else surprise,
            under(Text(effect(found)), place),
        )
    return made


def brief(checked: Sequence[Checked], out: Console | None = None) -> None:
    """A line a claim: what was expected, what was measured, whether that is within tolerance."""
    out = out or console()
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    made.add_column("run", no_wrap=True)
    made.add_column("expectation", ratio=3)
    made.add_column("measured", ratio=2)
    made.add_column("tolerance", ratio=2)
    made.add_column("pass", no_wrap=True)
    for run in checked:
        for place, found in enumerate(run.claims):
            made.add_row(
                "" if place else Text(Path(run.run).name, style="bold"),
                found.claim.says,
                measured(found),
                side(found.claim),
                passed(found),
            )
    out.print(made)
    out.print()
    every = [found.answer for run in checked for found in run.claims]
    out.print(f"{every.count(Answer.SUPPORTED)} of {len(every)} pass. {summary_of(checked)}")


def passed(found: Decided) -> Text:
    """Whether a claim came out; "known" where the sweep file says that it does not."""
    word = {Answer.SUPPORTED: "yes", Answer.REFUTED: "no", Answer.UNDECIDED: "undecided"}
    known = found.as_expected and found.answer != Answer.SUPPORTED
    words = f"{word[found.answer]}{', known' if known else ''}"
    style = STYLES[found.answer] if found.as_expected else "bold red"
    return Text(words if found.as_expected else f"{words}: a surprise", style=style)


def under(text: Text, words: str) -> Text:
    """A second line for those who look closer."""
    return text.append(f"\n{words}", style="dim") if words else text


def summary(claims: Sequence[Decided]) -> str:
    """How many of the claims of a run came out as expected, and which did not."""
    return summed(len(claims), [found.claim.name for found in claims if not found.as_expected])


def summary_of(checked: Sequence[Checked]) -> str:
    """The same of several runs, with the run of each surprise."""
    if len(checked) == 1:
        return summary(checked[0].claims)
    surprises = [f"{found.claim.name} of {run.run}" for run in checked for found in run.surprises]
    return summed(sum(len(run.claims) for run in checked), surprises)


def summed(count: int, surprises: Sequence[str]) -> str:
    expected = f"{count - len(surprises)} of {counted(count, 'claim')} as expected"
    if not surprises:
        return f"{expected}."
    word = "a surprise" if len(surprises) == 1 else f"{len(surprises)} surprises"
    return f"{expected}; {word}: {joined(surprises)}."


def as_json(checked: Sequence[Checked]) -> dict:
    """All of it as plain values."""
    every = [found for run in checked for found in run.claims]
    return {
        "as_expected": sum(found.as_expected for found in every),
        "claims": len(every),
        "surprises": [
            {"run": run.run, "claim": found.claim.name}
            for run in checked
            for found in run.surprises
        ],
        "runs": jsonable(tuple(checked)),
    }
