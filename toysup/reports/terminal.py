"""The report in a terminal: the answer, the verdicts across sparsity, then every number."""

import textwrap

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from toysup.files.shown import line as in_one_line
from toysup.reports import attribution_table, claims, reference, tally
from toysup.reports.answer import Answer, bar
from toysup.reports.console import Text, console
from toysup.reports.findings import Findings
from toysup.reports.labels import LOOKS, Label
from toysup.reports.lines import Line, Point
from toysup.reports.remarks import remarks
from toysup.reports.words import counted, decimals, readable, short, span
from toysup.verdict.stake import CHANCE, NOTHING

BLOCKS = "▁▂▃▄▅▆▇█"  # the index from 0, random, to 1, the best packing
BELOW = "▼"
NOT_COUNTED = "*"  # behind the letter of a condition that counts for nothing
GAP = "   "  # between the entries of a legend
INDENT = 4  # of the words below the numbers of a condition
NUMBERS = (
    "T, P: squared and positive interference, 0 least, 1 random. index: 1 best packing, 0 random, "
    "below 0 worse; the median over seeds, a range where the best packing is not known exactly."
)


def show(findings: Findings, out: Console | None = None, thresholds: bool = False) -> None:
    """Print the report, with the table of thresholds only where it is asked for."""
    out = out or console()
    out.print(Text(in_one_line(findings.title), style="bold"))
    if findings.question:
        out.print(Text(in_one_line(findings.question), style="italic"))
    out.print()
    show_answer(findings.answer, out)
    if findings.claims:
        heading(out, "What was claimed")
        show_claims(findings, out)
    if findings.crowded:
        heading(out, "Every condition")
        out.print(Text(findings.crowded))
    else:
        heading(out, f"Across {findings.axis.words}")
        strips(findings, out)
        if findings.beside:
            heading(out, reference.title(findings.sweep["reference"]))
            out.print(reference_table(findings))
            out.print(Text(reference.note(findings.sweep["reference"]), style="dim"))
        heading(out, "Every condition")
        conditions(findings, out)
    if findings.attribution:
        heading(out, "What decides")
        attribution_table.show(findings.attribution, out)
    heading(out, "Caveats")
    for caveat in findings.caveats:
        bullet(out, caveat)
    if thresholds:
        heading(out, "The thresholds are choices: what each one moves")
        out.print(threshold_table(findings))
    else:
        out.print()
        out.print(most_moved(findings))
    footer(findings, out)


def show_answer(found: Answer, out: Console) -> None:
    """The headline, a bar with a letter for each condition, and the sentences."""
    out.print(Text(found.headline, style="bold"))
    if found.counts:
        letters, named = Text(), []
        lengths = bar.shares(found.counts)
        for name, words in bar.key(found.counts):
            style = LOOKS[Label(name)].style if name in list(Label) else "dim"
            letters.append(bar.letter(name) * lengths[name], style=style)
            named.append((words, style))
        out.print()
        out.print(letters)
        in_rows(named, out)
        if found.note:
            out.print(Text(found.note, style="dim"))
    if found.sentences:
        out.print()
        for sentence in found.sentences:
            out.print(Text(sentence))


def in_rows(items: list[tuple[str, str]], out: Console) -> None:
    """Words with their styles, as many a row as fit whole."""
    row = Text()
    for words, style in items:
        if row and len(row) + len(GAP) + len(words) > out.width:
            out.print(row)
            row = Text()
        row.append(f"{GAP if row else ''}{words}", style=style)
    out.print(row)


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
    index = point.shown_index
    if index != index:
        return " "
    if index < min(0, point.random.low):
        return BELOW
    return BLOCKS[max(0, min(len(BLOCKS) - 1, int(index * len(BLOCKS))))]


def show_claims(findings: Findings, out: Console) -> None:
    """The claims that the sweep was run to decide."""
    out.print(claims.table([("", found) for found in findings.claims]))
    out.print(tally.summary(findings.claims))
    if words := claims.checks(findings.claims):
        out.print(words)
    out.print(Text(claims.footnote(findings.claims), style="dim"))


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


def conditions(findings: Findings, out: Console) -> None:
    """The numbers of each condition with its verdict below, a block a line of the sweep."""
    verdicts = {(v.condition, v.directions): v for v in findings.verdicts.verdicts}
    texts = findings.axis.texts
    column = max(6, len(findings.axis.label) + 1, *(len(text) + 1 for text in texts.values()))
    number = max(2, *(len(f"{v.condition}") for v in findings.verdicts.verdicts))
    places = f"{'#':>{number}}{findings.axis.label:>{column}}"
    start, more = f"{'r':>12}{'T':>6}{'P':>6}{'index':>15}", f"{'(95%)':>16}{'best':>7}"
    end = f"{'exp':>7}{'unexplained':>12}{'seeds':>7}"
    wide = len(places + start + more + end) <= out.width
    head = places + start + (more if wide else "") + end
    out.print(Text(head, style="dim"), no_wrap=True)
    for line in findings.lines:
        out.print()
        out.print(Text(line.name, style="bold"))
        for point in line.points:
            verdict = verdicts[point.condition, point.directions]
            place = f"{point.condition:>{number}}{texts[point.x]:>{column}}"
            out.print(row(point, verdict, place, wide), no_wrap=True, overflow="crop")
            out.print(Padding(words(verdict), (0, 0, 0, INDENT)))
    out.print()
    p = "p: feature probability. " if findings.axis.label == "p" else ""
    extra = " (95%): its interval. best: that of the lowest-loss seed." if wide else ""
    out.print(
        Text(
            f"#: the condition's number. {p}r: features represented, of all. {NUMBERS}{extra} "
            "exp: the index of the exponential potential. unexplained: the share of a feature's "
            "variance that the best read-out leaves unexplained, the mean over features. seeds: "
            "how many converged.",
            style="dim",
        )
    )


def words(verdict) -> Text:
    """The label, its reason, and what else a reader should know."""
    text = Text(verdict.label.value, style=LOOKS[verdict.label].style)
    return text.append(f": {' '.join((verdict.reason, *remarks(verdict)))}", style="dim")


def row(point: Point, verdict, place: str, wide: bool) -> Text:
    text = Text(f"{place}{represented(point, verdict):>12}")
    text.append(f"{short(point.squared_interference):>6}")
    text.append(f"{short(point.positive_interference):>6}")
    text.append(f"{span(*point.index_range):>15}", style="bold")
    if wide:
        best = verdict.best.minimisation_index if verdict.best else None
        interval = span(point.index.low, point.index.high)
        text.append(f"{interval:>16}{short(best):>7}", style="dim")
    text.append(f"{short(verdict.exponential_index.value):>7}")
    text.append(f"{short(verdict.readout_unexplained.value):>12}")
    return text.append(f"{converged(verdict):>7}")


def represented(point: Point, verdict) -> str:
    """How many features are represented, of all: "4.5 of 5"."""
    r = decimals(point.n_represented, 0 if point.n_represented >= 99.95 else 1).removesuffix(".0")
    return f"{r} of {verdict.n_features}"


def reference_table(findings: Findings) -> Table:
    """How far each objective is from the autoencoder."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("objective", overflow="fold")
    for name in ("pairs", "index", "unexplained"):
        table.add_column(name, justify="right", no_wrap=True)
    for found in findings.beside:
        apart = (found.index, found.readout_unexplained)
        table.add_row(found.name, str(found.pairs), *map(reference.difference_text, apart))
    return table


def converged(verdict) -> str:
    """How many seeds converged: "10", or "7/10"."""
    count = verdict.outcomes.get("converged", 0)
    return str(count) if count == verdict.seeds else f"{count}/{verdict.seeds}"


def most_moved(findings: Findings) -> str:
    """How much hangs on the thresholds, in a line."""
    of = counted(len(findings.verdicts.verdicts), "verdict")
    most = max((m.changed for m in findings.moved), default=0)
    return (
        f"The thresholds are choices: one of them, moved, changes at most {most} of {of}. "
        "--thresholds lists them."
    )


def threshold_table(findings: Findings) -> Table:
    """Each threshold, and how many verdicts change when it moves."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("threshold", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column(f"of {len(findings.verdicts.verdicts)} change", no_wrap=True)
    table.add_column("meaning", ratio=1)
    for threshold in findings.verdicts.thresholds.describe():
        moved = [m for m in findings.moved if m.threshold == threshold["name"]]
        changes = ", ".join(f"{m.changed} at {m.value:.2g}" for m in moved) or "not moved"
        name = readable(threshold["name"])
        value = f"{threshold['value']:g}"
        table.add_row(name, value, changes, threshold["meaning"])
    return table


def footer(findings: Findings, out: Console) -> None:
    out.print()
    out.print(Text(provenance(findings), style="dim"))


def provenance(findings: Findings) -> str:
    """What the verdicts were made of, and which run they are of."""
    versions = ", ".join(
        f"{name} {version}"
        for name, version in findings.versions.items()
        if name in ("toysup", "jax", "python")
    )
    return (
        f"{counted(findings.instances, 'instance')}, {counted(findings.judged, 'condition')} "
        f"judged by medians over seeds against random directions and random tight frames, "
        f"{findings.verdicts.tests:,} p-values with Holm's correction. "
        f"Run {findings.folder}, hash {findings.hash}, {versions}."
    )
