"""Judged matrices as Markdown: the verdicts, the numbers and what they are about."""

from collections.abc import Sequence

from toysup.matrices.judge import Judged
from toysup.reports.directions import sentences, tables
from toysup.reports.markdown import PARAGRAPH, bullets, document, table, text
from toysup.reports.words import counted

MOST_GROUPS = 50  # whose numbers are shown; the table of verdicts has all of them
REST = "`toysup judge --json` has all of them"


def directions(found: Sequence[Judged], said: Sequence[str] = ()) -> str:
    """What came of each group."""
    left = len(found) - MOST_GROUPS
    return document(
        "## Directions judged",
        bullets(said) if said else "",
        verdicts(found),
        *(group(one) for one in found[:MOST_GROUPS]),
        f"{counted(left, 'more group')}: {REST}." if left > 0 else "",
    )


def verdicts(found: Sequence[Judged]) -> str:
    rows = [
        (
            text(one.group),
            text(one.verdict.label.value),
            text(one.verdict_without_mean.label.value) if one.verdict_without_mean else "",
        )
        for one in found
    ]
    return table(("directions", "verdict", "without their mean"), rows, REST)


def group(one: Judged) -> str:
    first = one.matrices[0]
    about = sentences.about_cosines(first) if first.cosines else []
    parts = [
        f"### {text(one.group)}",
        text(sentences.reason(one.verdict), PARAGRAPH),
        in_markdown(tables.numbers(one)),
        bullets([*sentences.caveats(one), *about]),
    ]
    if first.whole:
        parts += [in_markdown(tables.of_all(first)), bullets(sentences.about_sample(first))]
    if one.forced:
        lines = bullets(sentences.about_data(one.forced))
        parts += [in_markdown(tables.null_of_data(one.forced)), lines]
    if one.agreements:
        parts.append(bullets(map(sentences.agreed, one.agreements)))
    if first.cosines:
        parts += [
            in_markdown(tables.pairs(title, some))
            for title, some in (
                ("closest", first.cosines.closest),
                ("most opposed", first.cosines.opposed),
            )
        ]
    return document(*parts)


def in_markdown(made: tables.Table) -> str:
    return table(made.head, [tuple(map(text, row)) for row in made.rows], REST)
