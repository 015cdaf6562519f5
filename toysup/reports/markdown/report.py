"""A run's findings as Markdown: the headline, its claims, its verdicts and notes."""

from collections.abc import Iterator

from toysup.reports.answer import bar
from toysup.reports.findings import Findings
from toysup.reports.markdown import PARAGRAPH, bullets, document, table, text
from toysup.reports.markdown.claims import of_run
from toysup.reports.terminal import NUMBERS, provenance, represented
from toysup.reports.words import short, span

COLUMNS = ("condition", "verdict", "features", "T", "P", "index")


def report(findings: Findings) -> str:
    """The whole report, in less than half of what a job summary may have."""
    return document(
        f"## {text(findings.title)}",
        text(findings.question, PARAGRAPH),
        f"**{text(findings.answer.headline, PARAGRAPH)}**",
        counts(findings),
        text(" ".join(findings.answer.sentences), PARAGRAPH),
        of_run(findings.claims),
        "### Verdicts",
        text(findings.crowded) or verdicts(findings),
        "### Notes",
        bullets([*findings.caveats, provenance(findings)]),
    )


def counts(findings: Findings) -> str:
    """How many conditions do what: a bar with a letter for each, and what the letters mean."""
    found = findings.answer.counts
    named = " · ".join(words for _, words in bar.key(found))
    note = f" {text(findings.answer.note)}" if findings.answer.note else ""
    return f"`{bar.letters(found)}` {text(named)}{note}" if found else ""


def verdicts(findings: Findings) -> str:
    """A row for each condition."""
    rest = f"`toysup report --json` has all verdicts of {text(findings.folder)}"
    return document(
        table(COLUMNS, cells(findings), rest), f"features: represented, of all. {NUMBERS}"
    )


def cells(findings: Findings) -> Iterator[tuple[str, ...]]:
    known = {(v.condition, v.directions): v for v in findings.verdicts.verdicts}
    axis = findings.axis
    for line in findings.lines:
        for point in line.points:
            idle = f" (not counted: {point.idle})" if point.idle else ""
            yield (
                text(f"{line.name}, {axis.label} = {axis.texts[point.x]}"),
                text(f"{point.label.value}{idle}"),
                represented(point, known[point.condition, point.directions]),
                short(point.squared_interference),
                short(point.positive_interference),
                span(*point.index_range),
            )
