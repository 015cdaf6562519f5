"""One trained model in a terminal; or the conditions to choose from."""

import shlex
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from toysup.files.called import program
from toysup.reports.console import Text, console, heading
from toysup.reports.instance import Instance
from toysup.reports.instance.blocks import CELL, LABEL, MOST_ROWS, curve_rows, heat_strip
from toysup.reports.instance.choose import Choice
from toysup.reports.instance.metrics import Metric
from toysup.reports.labels import LOOKS
from toysup.reports.terminal import words as verdict_words
from toysup.reports.words import bracketed, counted, decimals, joined, plain, short
from toysup.verdict.statistics import Interval

CURVE_ROWS = 5
NUMBER = 10  # letters beside the curve
FORMS = {"represented": "g", "loss": ".3g"}  # other numbers have two decimals
MOST_CHOICES = 200
MEANING = (
    "T, P: squared and positive interference, 0 least, 1 random. Index: 1 best packing, 0 random. "
    "Exp. index: the same for exp(cosine / temperature). Unexplained: the share of a "
    "feature's variance that the best read-out leaves unexplained. The loss beside random "
    "directions has this model's lengths. 95% intervals are of the median over seeds, and of as "
    "many seeds with random directions."
)


def show_choices(choices: Sequence[Choice], run: str, out: Console | None = None) -> None:
    """The conditions that match, each with the words that select it."""
    out = out or console()
    out.print(f"{counted(len(choices), 'condition')} match. Choose one:")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("verdict", max_width=20)
    table.add_column("--where", overflow="fold", ratio=1)
    for choice in choices[:MOST_CHOICES]:
        label = choice.verdict.label
        words = Text(label.value, style=LOOKS[label].style)
        table.add_row(str(choice.verdict.condition), words, shlex.quote(choice.where))
    out.print(table)
    if len(choices) > MOST_CHOICES:
        out.print(f"and {len(choices) - MOST_CHOICES:,} more: see --json")
    one = choices[0].verdict.condition
    command = f"{program()} show {shlex.quote(run)} --where condition={one}"
    out.print(f"Or by its number: {command}", soft_wrap=True)


def show(found: Instance, out: Console | None = None) -> None:
    """Print the model."""
    out = out or console()
    out.print(Text(found.title, style="bold"))
    out.print(Text(found.name, style="bold"))
    out.print(which(found))
    out.print(verdict_words(found.verdict))
    heading(out, "Settings")
    out.print(settings(found))
    heading(out, "What was measured")
    out.print(metrics(found))
    out.print(Text(MEANING, style="dim"))
    heading(out, "Pairs of features")
    pairs(found, out)
    heading(out, "W, its largest entry 9")
    strip(found, out)
    heading(out, f"Loss over {found.steps:,} steps")
    curve(found, out)


def which(found: Instance) -> str:
    """Which model of its condition it is."""
    v, others = found.verdict, joined(found.other_directions)
    best = f", the lowest loss of {counted(v.seeds, 'seed')}" if found.lowest else ""
    also = bracketed(others and f"also: {others}")
    return (
        f"Condition {v.condition}, {v.directions} directions{also}, "
        f"seed {found.seed}{best}: {found.outcome}."
    )


def settings(found: Instance) -> Text:
    """Every setting; those that vary in the run are bold."""
    text = Text()
    for place, (name, value) in enumerate(found.settings.items()):
        words = f"{name} {plain(value, 6)}"
        text.append(", " if place else "").append(
            words.replace(" ", "\u00a0"), style="bold" if name in found.varying else ""
        )
    return text


def metrics(found: Instance) -> Table:
    """Each number beside the seeds, random directions and the optimum."""
    table = plain_table("", "this seed", "median (95%)", "random (95%)", "optimum")
    for metric in found.metrics:
        table.add_row(*cells(metric))
    return table


def plain_table(first: str, *numbers: str) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    table.add_column(first)
    for name in numbers:
        table.add_column(name, justify="right")
    return table


def cells(metric: Metric) -> list[str]:
    """A row of the table. An interval that looks as narrow as a number is left out."""
    form = FORMS.get(metric.name, "")

    def number(value: float) -> str:
        return f"{value:{form}}" if form and value == value else short(value)

    def interval(of: Interval) -> str:
        low, high = number(of.low), number(of.high)
        return number(of.value) + ("" if low == high else f" ({low}, {high})")

    best = " to ".join(dict.fromkeys(map(number, metric.best)))
    return [metric.name, number(metric.value), *map(interval, (metric.seeds, metric.random)), best]


def pairs(found: Instance, out: Console) -> None:
    """The nearest pairs, then the most opposed ones."""
    for title, some in (("nearest", found.nearest), ("most opposed", found.opposed)):
        table = plain_table(title, "cosine")
        for pair in some:
            table.add_row(" and ".join(pair.names), decimals(pair.cosine, 3))
        out.print(table if some else Text(f"{title}: none", style="dim"))


def strip(found: Instance, out: Console) -> None:
    """W as a heat strip, and what of it does not fit."""
    if not found.finite:
        out.print("It has entries that are no numbers.")
        return
    for line in heat_strip(found.W, found.represented, out.width):
        out.print(line, no_wrap=True, overflow="crop")
    m, n = found.W.shape
    fits = (out.width - LABEL) // CELL
    words = "Rows: hidden dimensions. Columns: features; a dim norm is of one not represented."
    if n > fits or m > MOST_ROWS:
        words += (
            f" Shown: {min(m, MOST_ROWS)} of {m} rows and {min(n, fits)} of {n} columns, the first."
            " All: --json or --html."
        )
    out.print(Text(words, style="dim"))


def curve(found: Instance, out: Console) -> None:
    """The loss curve, with its ends beside it."""
    rows = curve_rows(found.curve, out.width - NUMBER - 2, CURVE_ROWS)
    finite = found.curve[abs(found.curve) < float("inf")]
    ends = (finite.max(), finite.min()) if len(finite) else (float("nan"),) * 2
    sides = [f"{ends[0]:.4g}", *[""] * (len(rows) - 2), f"{ends[1]:.4g}"]
    for side, row in zip(sides, rows, strict=True):
        out.print(Text(f"{side:>{NUMBER}}  ", style="dim").append(row, style="not dim"))
    out.print(Text(f"{'':{NUMBER}}  logarithms of the loss, over those of the steps", style="dim"))
