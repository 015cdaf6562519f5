"""The verdicts across sparsity in a terminal: a bar and a letter for each condition."""

import textwrap

from rich.console import Console

from toysup.reports.console import Text, in_rows
from toysup.reports.findings import Findings
from toysup.reports.labels import LOOKS
from toysup.reports.lines import Line, Point
from toysup.verdict.stake import CHANCE, NOTHING

BLOCKS = "▁▂▃▄▅▆▇█"  # the index from 0, random, to 1, the best packing
BELOW = "▼"
NOT_COUNTED = "*"  # behind the letter of a condition that counts for nothing


def show(findings: Findings, out: Console) -> None:
    """One row a line, one cell a value: the index as a bar, the verdict as a letter.

    Where the values take several blocks, a block has the lines that have something in it.
    """
    lines = findings.lines
    places = [{point.x for point in line.points} for line in lines]
    texts = findings.axis.texts
    cell = max(4, *(len(text) + 1 for text in texts.values()))
    name = max(len(line.name) for line in lines) + 2
    if name + len(texts) * cell > out.width:
        texts = {x: text.removeprefix("0") or "0" for x, text in texts.items()}
        cell = max(4, *(len(text) + 1 for text in texts.values()))
    label = min(name, max(20, out.width - 4 * cell))
    fits = max(1, (out.width - label) // cell)
    every = list(texts)
    for start in range(0, len(every), fits):
        shown = every[start : start + fits]
        head = Text(findings.axis.label[: label - 2].rjust(label - 2) + "  ", style="dim")
        head.append("".join(texts[x].ljust(cell) for x in shown).rstrip())
        out.print(head, no_wrap=True)
        for line, has in zip(lines, places, strict=True):
            if has.isdisjoint(shown):
                continue
            *above, name = textwrap.wrap(line.name, label - 2) or [""]
            for part in above:
                out.print(Text(part))
            cells = strip_row(line, name, shown, label, cell)
            out.print(cells, no_wrap=True, overflow="crop")
        out.print()
    legend(findings, out)


def strip_row(line: Line, name: str, xs: list[float], label: int, cell: int) -> Text:
    """The cells of a line behind its name, or behind the end of a name that takes more rows."""
    text = Text(name.ljust(label))
    at: dict[float, list[Point]] = {}
    for point in line.points:
        at.setdefault(point.x, []).append(point)
    for x in xs:
        for point in at.get(x, [])[:1]:
            look = LOOKS[point.label]
            letters = f"{block(point)}{look.letter}{NOT_COUNTED if point.idle else ''}"
            text.append(letters, style="dim" if point.idle else look.style)
            text.append(" " * (cell - len(letters)))
        if x not in at:
            text.append(" " * cell)
    return text


def block(point: Point) -> str:
    """The index as a bar of one letter's height."""
    index = point.shown_index
    if index != index:
        return " "
    if index < min(0, point.random.low):
        return BELOW
    return BLOCKS[max(0, min(len(BLOCKS) - 1, int(index * len(BLOCKS))))]


def legend(findings: Findings, out: Console) -> None:
    """What the letters and the bars of the strips mean, for the labels that occur."""
    present = {point.label for line in findings.lines for point in line.points}
    in_rows(
        [(f"{k.letter} {label.value}", k.style) for label, k in LOOKS.items() if label in present],
        out,
    )
    bars = f"Bars: the index, {BLOCKS[-1]} 1 the best packing, {BLOCKS[0]} 0 random directions"
    idle = any(point.idle for line in findings.lines for point in line.points)
    star = f" {NOT_COUNTED} not counted: {CHANCE}, or {NOTHING}." if idle else ""
    out.print(f"{bars}, {BELOW} below random.{star} {findings.axis.ends}")
