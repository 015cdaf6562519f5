"""The report in a terminal: the answer, the verdicts across sparsity, then every number."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from toysup.files.shown import line as in_one_line
from toysup.reports import attribution_table, claims, reference, strips, tally
from toysup.reports.answer import Answer, bar
from toysup.reports.console import Text, bullet, console, heading, in_rows
from toysup.reports.findings import Findings
from toysup.reports.labels import LOOKS, Label
from toysup.reports.lines import Point
from toysup.reports.remarks import remarks
from toysup.reports.words import counted, decimals, readable, short, span

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
        strips.show(findings, out)
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


def show_claims(findings: Findings, out: Console) -> None:
    """The claims that the sweep was run to decide."""
    out.print(claims.table([("", found) for found in findings.claims]))
    out.print(tally.summary(findings.claims))
    if words := claims.checks(findings.claims):
        out.print(words)
    out.print(Text(claims.footnote(findings.claims), style="dim"))


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
