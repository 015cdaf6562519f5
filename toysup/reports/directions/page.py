"""Judged matrices as one HTML page."""

from collections.abc import Sequence
from pathlib import Path

from toysup.files.deliver import deliver
from toysup.matrices.judge import Judged
from toysup.reports import image
from toysup.reports.directions import figures, sentences, tables
from toysup.reports.html import minus, rendered
from toysup.reports.labels import LOOKS


def write(found: Sequence[Judged], said: Sequence[str], path: Path) -> None:
    """Write the page, whole or not at all. ToysupError when it cannot be written there."""
    deliver(path, render(found, said).encode())


def render(found: Sequence[Judged], said: Sequence[str] = ()) -> str:
    """The page's HTML: the same text for the same matrices."""
    return rendered(
        "directions/page.html",
        groups=[group(one) for one in found],
        said=said,
        meaning=sentences.MEANING,
    )


def group(one: Judged) -> dict:
    """One group as the page shows it."""
    first = one.matrices[0]
    verdicts = [("As it is", one.verdict)]
    if one.verdict_without_mean:
        verdicts.append(("Without its mean", one.verdict_without_mean))
    shown = [
        {"title": title, "label": v.label.value, "look": LOOKS[v.label], "reason": reason}
        for title, v in verdicts
        for reason in [minus(sentences.reason(v))]
    ]
    which = sentences.which(one)
    parts = [part(f"What was measured{which}", tables.numbers(one))]
    if first.whole:
        parts.append(part("Of all directions", tables.of_all(first), sentences.about_sample(first)))
    if one.forced:
        lines = sentences.about_data(one.forced)
        parts.append(part("What the data force", tables.null_of_data(one.forced), lines))
    if first.cosines:
        parts += [
            part("Closest pairs", tables.pairs("directions", first.cosines.closest)),
            part("Most opposed pairs", tables.pairs("directions", first.cosines.opposed)),
        ]
    return {
        "name": one.group,
        "verdicts": shown,
        "caveats": [minus(words) for words in sentences.caveats(one)],
        "pictures": [
            drawn | {"svg": image.svg(drawn["figure"])}
            for drawn in (figures.pictures(one) if first.cosines else [])
        ],
        "about_cosines": sentences.about_cosines(first) if first.cosines else [],
        "agreed": [minus(sentences.agreed(found)) for found in one.agreements],
        "parts": parts,
    }


def part(title: str, table: tables.Table, lines: Sequence[str] = ()) -> dict:
    """A table with what is said below it."""
    rows = [[cells[0], *map(minus, cells[1:])] for cells in table.rows]
    return {"title": title, "head": table.head, "rows": rows, "lines": lines}
