"""Whether runs come out again, in words: of the same cells, and with fresh seeds."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from toysup.reports.console import Text, bullet, console, heading
from toysup.reports.words import counted
from toysup.reproduce import Changed
from toysup.reproduce.beside import FreshSeeds

if TYPE_CHECKING:  # it imports jax, and the site of stored runs needs none
    from toysup.reproduce.again import Reproduction

MOST_LINES = 10  # of one list
OTHERWISE = "bold red"


def headline(found: "Reproduction") -> str:
    """What came of training the cells again.

    The verdicts of each row decide where the machine or the code is another.
    """
    some, every = found.conditions
    of = f"All {every}" if some == every else f"{some} of {every}"
    words = [f"{of} conditions were trained again."]
    if found.identical == found.rows:
        words.append(f"All {counted(found.rows, 'row')} are the same, bit for bit in every column.")
    else:
        words.append(f"{found.identical:,} of {counted(found.rows, 'row')} are the same bits.")
        if not found.made_with:
            words.append("The code, the versions and the kind of machine are the same: all should.")
    same = found.verdicts - len(found.changed)
    words.append(f"{same} of {counted(found.verdicts, 'verdict')} came out again.")
    return " ".join(words)


def show(found: "Sequence[Reproduction]", out: Console | None = None) -> None:
    """Print what came of each run."""
    out = out or console()
    for one in found:
        out.print(Text(one.run, style="bold"))
        out.print(headline(one), style="" if one.agrees else OTHERWISE)
        listed("Verdicts that would be others", lines(one.changed), out)
        listed("Made with other", one.made_with, out)
        differences = [f"{name}: {number(value)}" for name, value in one.largest.items()]
        listed("Largest differences of a row", differences, out)
        if one.folder:
            out.print(Text(f"The new rows are in {one.folder}.", style="dim"))


def number(value: float) -> str:
    return f"{value:.2g}" if math.isfinite(value) else "one of the two has no number"


def show_fresh(found: Sequence[FreshSeeds], out: Console | None = None) -> None:
    """A table with a row for each run, and what came out otherwise."""
    out = out or console()
    rows = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("run", "claims again", "verdicts again", "not judged in one", "fresh seeds"):
        rows.add_column(name)
    for one in found:
        rows.add_row(
            Text(one.run),
            again(one.claims, len(one.changed_claims)) if one.claims else "no claims",
            again(one.verdicts, len(one.changed_verdicts)),
            str(one.unjudged),
            f"{one.seeds[0]} to {one.seeds[-1]}",
        )
    if len(found) > 1:
        rows.add_row(
            "all",
            again(sum(x.claims for x in found), sum(len(x.changed_claims) for x in found)),
            again(sum(x.verdicts for x in found), sum(len(x.changed_verdicts) for x in found)),
            str(sum(x.unjudged for x in found)),
            "",
        )
    out.print(rows)
    for one in found:
        listed(f"{one.run}: claims that came out otherwise", lines(one.changed_claims), out)
        listed(f"{one.run}: verdicts that came out otherwise", lines(one.changed_verdicts), out)


def again(count: int, changed: int) -> str:
    """ "12 of 13"."""
    return f"{count - changed:,} of {count:,}"


def lines(changed: Sequence[Changed]) -> list[str]:
    return [f"{one.name}: {one.before} -> {one.now}" for one in changed]


def listed(title: str, some: Sequence[str], out: Console) -> None:
    """A list under its title, the first lines of many; nothing where there are none."""
    if not some:
        return
    heading(out, title)
    for line in some[:MOST_LINES]:
        bullet(out, line)
    if len(some) > MOST_LINES:
        bullet(out, f"and {len(some) - MOST_LINES} more: see --json")
