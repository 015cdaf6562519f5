"""The report in a terminal: the answer, the verdicts across sparsity, then every number."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from toysup.report import claims, tally
from toysup.report.console import console
from toysup.report.findings import Findings
from toysup.report.labels import LOOKS, UNJUDGED
from toysup.report.lines import Line, Point
from toysup.report.words import counted, decimals, spoken

BLOCKS = "▁▂▃▄▅▆▇█"  # the index from 0, random, to 1, the best packing
BELOW = "▼"
WIDE = 96  # columns from which the lowest-loss seed fits beside the rest


def show(findings: Findings, out: Console | None = None) -> None:
    """Print the whole report."""
    out = out or console()
    out.print(Text(findings.title, style="bold"))
    if findings.question:
        out.print(Text(findings.question, style="italic"))
    out.print()
    out.print(findings.answer)
    if findings.claims:
        heading(out, "What was claimed")
        claimed(findings, out)
    if findings.crowded:
        heading(out, "Every condition")
        out.print(Text(findings.crowded))
    else:
        heading(out, f"Across {findings.axis.words}")
        strips(findings, out)
        heading(out, "Every condition")
        conditions(findings, out)
    heading(out, "Caveats")
    for caveat in findings.caveats:
        bullet(out, caveat)
    heading(out, "The thresholds are choices: what each one moves")
    out.print(thresholds(findings))
    footer(findings, out)


def heading(out: Console, words: str) -> None:
    out.print()
    out.print(Text(words, style="bold underline"))
    out.print()


def bullet(out: Console, words: str) -> None:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_row("-", words)
    out.print(table)


def block(point: Point) -> str:
    """The index as a bar of one letter's height."""
    index = point.index.value
    if index != index:
        return " "
    if index < min(0, point.random.low):
        return BELOW
    return BLOCKS[max(0, min(len(BLOCKS) - 1, int(index * len(BLOCKS))))]


def claimed(findings: Findings, out: Console) -> None:
    """The claims that the sweep was run to decide."""
    out.print(claims.table([("", found) for found in findings.claims]))
    out.print(tally.summary(findings.claims))
    out.print(Text(claims.FOOTNOTE, style="dim"))


def strips(findings: Findings, out: Console) -> None:
    """One row a line, one cell a value: the index as a bar, the verdict as a letter."""
    lines = findings.lines
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
        for line in lines:
            out.print(strip(line, shown, label, cell), no_wrap=True, overflow="crop")
        out.print()
    legend(findings, out)


def strip(line: Line, xs: list[float], label: int, cell: int) -> Text:
    text = Text(line.name[: label - 2].ljust(label))
    at: dict[float, list[Point]] = {}
    for point in line.points:
        at.setdefault(point.x, []).append(point)
    for x in xs:
        for point in at.get(x, [])[:1]:
            text.append(
                f"{block(point)}{LOOKS[point.label].letter}", style=LOOKS[point.label].style
            )
            text.append(" " * (cell - 2))
        if x not in at:
            text.append(" " * cell)
    return text


def legend(findings: Findings, out: Console) -> None:
    """What the letters and the bars of the strips mean, for the labels that occur."""
    present = {point.label for line in findings.lines for point in line.points}
    row, used = Text(), 0
    for label, look in LOOKS.items():
        item = f"{look.letter} {label.value}   "
        if label not in present:
            continue
        if used + len(item) > out.width:
            out.print(row)
            row, used = Text(), 0
        row.append(item, style=look.style)
        used += len(item)
    out.print(row)
    bars = f"Bars: the index, {BLOCKS[-1]} 1 the best packing, {BLOCKS[0]} 0 random directions"
    out.print(f"{bars}, {BELOW} below random. {findings.axis.ends}")


def conditions(findings: Findings, out: Console) -> None:
    """The numbers of each condition, a block a line of the sweep."""
    wide = out.width >= WIDE
    verdicts = {(v.condition, v.directions): v for v in findings.verdicts.verdicts}
    texts = findings.axis.texts
    column = max(6, len(findings.axis.label) + 1, *(len(text) + 1 for text in texts.values()))
    head = f"{findings.axis.label:>{column}}{'r':>5}{'T':>6}{'P':>6}{'index':>7} {'(95%)':^14}"
    head += (f"{'best':>7}" if wide else "") + f"{'seeds':>6} verdict"
    out.print(Text(head, style="dim"), no_wrap=True)
    for line in findings.lines:
        out.print()
        out.print(Text(line.name, style="bold"))
        for point in line.points:
            verdict = verdicts[point.condition, point.directions]
            out.print(
                row(point, verdict, texts[point.x].rjust(column), wide),
                no_wrap=True,
                overflow="crop",
            )
    out.print()
    p = "p: feature probability. " if findings.axis.label == "p" else ""
    best = " best: the index of the lowest-loss seed." if wide else ""
    out.print(
        Text(
            f"{p}r: features represented. T, P: squared and positive "
            "interference, 0 least, 1 random. index: 1 best packing, 0 random, below 0 worse; mean "
            f"over seeds and its 95% interval.{best} seeds: how many converged.",
            style="dim",
        )
    )


def short(value: float | None) -> str:
    """Two decimals, or one from 10 on: never over five letters below 1000."""
    return decimals(value, 1 if value is not None and abs(value) >= 9.995 else 2)


def row(point: Point, verdict, place: str, wide: bool) -> Text:
    look = LOOKS[point.label]
    interval = f"{short(point.index.low)} to {short(point.index.high)}"
    r = decimals(point.n_represented, 0 if point.n_represented >= 99.95 else 1)
    text = Text(f"{place}{r:>5}")
    text.append(f"{short(point.squared_interference):>6}")
    text.append(f"{short(point.positive_interference):>6}")
    text.append(f"{short(point.index.value):>7}", style="bold")
    text.append(f" {interval:^14}", style="dim")
    if wide:
        best = verdict.best.minimisation_index if verdict.best else None
        text.append(f"{short(best):>7}")
    text.append(f"{converged(verdict):>6} ")
    text.append(point.label.value, style=look.style)
    if verdict.note and wide:
        text.append(f" ({verdict.note.split(':')[0]})", style="dim")
    return text


def converged(verdict) -> str:
    """How many seeds converged: "10", or "7/10"."""
    count = verdict.outcomes.get("converged", 0)
    return str(count) if count == verdict.seeds else f"{count}/{verdict.seeds}"


def thresholds(findings: Findings) -> Table:
    """Each threshold, and how many verdicts change when it moves."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("threshold", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column(f"of {len(findings.verdicts.verdicts)} change", no_wrap=True)
    table.add_column("meaning", ratio=1)
    for threshold in findings.verdicts.thresholds.describe():
        moved = [m for m in findings.moved if m.threshold == threshold["name"]]
        changes = ", ".join(f"{m.changed} at {m.value:.2g}" for m in moved) or "not moved"
        name = spoken(threshold["name"])
        value = f"{threshold['value']:g}"
        table.add_row(name, value, changes, threshold["meaning"])
    return table


def footer(findings: Findings, out: Console) -> None:
    judged = [v for v in findings.verdicts.verdicts if v.label not in UNJUDGED]
    versions = ", ".join(
        f"{name} {version}"
        for name, version in findings.versions.items()
        if name in ("toysup", "jax", "python")
    )
    out.print()
    words = (
        f"{counted(findings.instances, 'instance')}, {counted(len(judged), 'condition')} judged "
        f"against {findings.verdicts.draws:,} null groups, p-values with Holm's correction. "
        f"Run {findings.folder}, hash {findings.hash}, {versions}."
    )
    out.print(Text(words, style="dim"))
