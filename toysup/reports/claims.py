"""Claims as a table: sentence, answer, prediction, effect and the deciding conditions."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from toysup.claims import ALPHA
from toysup.claims.decision import CheckedRun, Decision, hit_rate
from toysup.claims.shares import EXCEPTION
from toysup.files.shown import line
from toysup.reports.console import Text, console
from toysup.reports.effects import basins, deciding_conditions, effect, rule
from toysup.reports.tally import summary_of
from toysup.reports.words import counted, joined
from toysup.spec.claim import NO_PREDICTION, SMALLEST_GRID, Answer, Claim, Quantifier
from toysup.verdict import jsonable

STYLES = {Answer.SUPPORTED: "bold blue", Answer.REFUTED: "bold magenta", Answer.UNDECIDED: "dim"}
CHANGED = "bold red"
WRITTEN_AFTER = "none: written after the run"
FOOTNOTE = (
    "Predicted: what was expected before any run. First run: the outcome that the sweep file "
    "records. "
    f"Intervals are Student's over the paired seeds, and hold together at {1 - ALPHA:.0%} for all "
    "comparisons of a sweep's claims. A condition counts if repeating the change of its metric "
    "over the second half of training would not alter the answer. Conditions that were not judged "
    "widen the range of a share. Where the share decides "
    f"(always, never, sometimes, and most of {SMALLEST_GRID} conditions or more) it has its "
    "Clopper-Pearson interval."
)
EXCEPTIONS = f" Exceptions are up to {EXCEPTION:.0%} of conditions."
WITH_EXCEPTIONS = (Quantifier.ALWAYS, Quantifier.NEVER, Quantifier.SOMETIMES)


COLUMNS = (
    "claim, who made it, and its rule",
    "came out",
    "predicted",
    "first run",
    "effect, and where to look",
)


def footnote(claims: Iterable[Decision]) -> str:
    """What the words and numbers of the table mean."""
    some = any(found.claim.holds in WITH_EXCEPTIONS for found in claims)
    return FOOTNOTE + (EXCEPTIONS if some else "")


def show(checked: Sequence[CheckedRun], out: Console | None = None) -> None:
    """One table of the claims of all runs, how many came out as before, and the hit rate."""
    out = out or console()
    for run in checked:
        if run.afterwards:
            late = f"{run.run}: the claims of {run.afterwards}, written after the run."
            out.print(Text(late, style="bold"))
    out.print(table([(run.run, found) for run in checked for found in run.claims]))
    out.print()
    out.print(summary_of(checked))
    if words := checks(found for run in checked for found in run.claims):
        out.print(words)
    out.print(Text(footnote(found for run in checked for found in run.claims), style="dim"))


def table(claims: Sequence[tuple[str, Decision]]) -> Table:
    """A row for each claim; `claims` has pairs of run and decision. A run "" is not shown."""
    rows = Table(box=None, padding=(0, 2, 1, 0), header_style="dim")
    said, came, expected, first, where = COLUMNS
    rows.add_column(said, ratio=1, overflow="fold")
    rows.add_column(came, no_wrap=True)
    rows.add_column(expected, width=len("supported"), overflow="fold")
    rows.add_column(first, width=len("supported:"), overflow="fold")
    rows.add_column(where, ratio=1, overflow="fold")
    for run, decision in claims:
        if decision.claim.check:
            continue
        came_true = decision.predicted_right
        rows.add_row(
            add_line(sentence(decision.claim), f"rule: {rule(decision.claim)}"),
            Text(decision.answer.value, style=STYLES[decision.answer]),
            Text(predicted(decision), style="dim" if came_true is not False else ""),
            Text(before(decision), style=CHANGED if decision.as_before is False else "dim"),
            add_line(add_line(Text(effect(decision)), place(run, decision)), basins(decision)),
        )
    return rows


def place(run: str, decision: Decision) -> str:
    """Where to look: the run, and its conditions that decide."""
    return ", ".join(part for part in (run, deciding_conditions(decision)) if part)


def checks(claims: Iterable[Decision]) -> str:
    """A sentence on the checks, which are true by construction; "" without any."""
    known = [found for found in claims if found.claim.check]
    if not known:
        return ""
    parts = []
    for answer, words in ((Answer.REFUTED, "not so"), (Answer.UNDECIDED, "undecided")):
        names = [found.claim.name for found in known if found.answer == answer]
        parts += [f"{words}: {joined(names)}"] if names else []
    words = f"{counted(len(known), 'check')} of the program, true by construction"
    return f"{words}: {'; '.join(parts) or 'all came out'}."


def predicted(decision: Decision) -> str:
    """What was expected before any run."""
    none = decision.claim.predicted == NO_PREDICTION
    return WRITTEN_AFTER if none else decision.claim.predicted


def before(decision: Decision) -> str:
    """The answer of the first whole run, if there was one, and whether it changed."""
    outcome = decision.claim.outcome
    return "new" if outcome is None else outcome if decision.as_before else f"{outcome}: it changed"


def sentence(claim: Claim) -> Text:
    """Its sentence, and who made it."""
    return add_line(Text(line(claim.words)), line(claim.who))


def add_line(text: Text, words: str) -> Text:
    """The text with a second, dim line."""
    return text.append(f"\n{words}", style="dim") if words else text


def as_json(checked: Sequence[CheckedRun]) -> dict:
    """All of it as plain values."""
    every = [found for run in checked for found in run.claims]
    return {
        "claims": len(every),
        "as_before": sum(found.as_before is True for found in every),
        "new": sum(found.as_before is None for found in every),
        "changed": [
            {"run": run.run, "claim": found.claim.name} for run in checked for found in run.changed
        ],
        "hit_rate": jsonable(hit_rate(every)),
        "runs": jsonable(tuple(checked)),
    }
