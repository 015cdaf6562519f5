"""Comparisons in a terminal: the headline, what differs in the making, then every condition."""

from collections.abc import Sequence

from rich.console import Console

from toysup.compare import Comparison, Shared
from toysup.reports.comparison import (
    MEANING,
    SYMBOLS,
    headline,
    in_spite_of,
    one_number,
    seeds,
    size,
    verdicts,
)
from toysup.reports.console import Text, bullet, console, heading
from toysup.reports.words import counted, name_of

MOST_LINES = 20  # of one list
CELL = 19  # letters of a difference with its interval
OVER = "bold red"


def show(comparisons: Sequence[Comparison], out: Console | None = None) -> None:
    """Print each comparison with the first run."""
    out = out or console()
    for place, found in enumerate(comparisons):
        if place:
            out.print()
        out.print(Text(" and ".join(found.runs), style="bold"))
        out.print(headline(found), style="" if found.agrees else OVER)
        if words := in_spite_of(found):
            out.print(words)
        listed("The sweeps differ in", found.settings, out)
        listed("They were made with other", found.made_with, out)
        if found.shared and not found.same_rows:
            conditions(found, out)
        for run, cases in zip(found.runs, found.only, strict=True):
            only = f"Only {run} has {counted(len(cases), 'condition')}"
            listed(only, [name_of(case) for case in cases], out)


def listed(title: str, lines: Sequence[str], out: Console) -> None:
    """A list under its title, the first lines of many; nothing where there are none."""
    if not lines:
        return
    heading(out, title)
    for line in lines[:MOST_LINES]:
        bullet(out, line)
    if len(lines) > MOST_LINES:
        bullet(out, f"and {len(lines) - MOST_LINES} more: see --json")


def conditions(found: Comparison, out: Console) -> None:
    """Each shared condition: its verdicts, and below them the differences."""
    heading(out, "Shared conditions")
    out.print(
        Text("    " + "".join(name.ljust(CELL) for name in SYMBOLS.values()).rstrip(), style="dim")
    )
    for one in found.shared:
        text = Text(name_of(one.case), style="bold")
        text.append(f": {verdicts(one)}", style="not bold" if one.same_verdict else OVER)
        out.print(text.append(f" ({seeds(one)})", style="not bold dim"))
        if not one.identical:
            out.print(row(one, one_number), no_wrap=True, overflow="crop")
            out.print(row(one, size), style="dim", no_wrap=True, overflow="crop")
    out.print()
    out.print(Text(MEANING, style="dim"))


def row(one: Shared, words) -> Text:
    """A cell for each metric."""
    text = Text("    ")
    for name in SYMBOLS:
        text.append(
            words(one.differences[name]).ljust(CELL), style=OVER if name in one.over else ""
        )
    return text
