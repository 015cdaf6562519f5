"""Decided claims as Markdown: how many came out as before, then a table, the changed ones first."""

from collections.abc import Iterator, Sequence

from toysup.claims.decision import CheckedRun, Decision
from toysup.reports.claims import COLUMNS, before, checks, footnote, place, predicted
from toysup.reports.effects import basins, effect, rule
from toysup.reports.markdown import PARAGRAPH, document, table, text
from toysup.reports.tally import diverged, summary, summary_of

REST = "`toysup check --json` has all claims"


def check(checked: Sequence[CheckedRun]) -> str:
    """The claims of all runs, in less than half of what a job summary may have."""
    late = [f"{run.run}: the claims of {run.afterwards}." for run in checked if run.afterwards]
    return document(
        "## Claims",
        text(summary_of(checked), PARAGRAPH),
        text(" ".join([*late, *map(diverged, checked)]), PARAGRAPH),
        decided([(run.run, found) for run in checked for found in run.claims]),
    )


def of_run(claims: Sequence[Decision]) -> str:
    """The claims of one run, as a part of its report; "" without any."""
    if not claims:
        return ""
    words = text(summary(claims), PARAGRAPH)
    return document("### Claims", words, decided([("", found) for found in claims]))


def decided(claims: Sequence[tuple[str, Decision]]) -> str:
    """The table of claims with what its words mean; `claims` has pairs of run and decision."""
    every = [found for _, found in claims]
    return document(
        table(COLUMNS, rows(claims), REST),
        text(checks(every), PARAGRAPH),
        text(footnote(every), PARAGRAPH),
    )


def rows(claims: Sequence[tuple[str, Decision]]) -> Iterator[tuple[str, ...]]:
    for run, found in sorted(claims, key=lambda one: one[1].as_before is not False):
        if found.claim.check:
            continue
        first = text(before(found))
        yield (
            joined(found.claim.words, found.claim.who, f"rule: {rule(found.claim)}"),
            text(found.answer.value),
            text(predicted(found)),
            f"**{first}**" if found.as_before is False else first,
            joined(effect(found), place(run, found), basins(found)),
        )


def joined(*lines: str) -> str:
    """The lines of a cell."""
    return "<br>".join(text(line) for line in lines if line)
