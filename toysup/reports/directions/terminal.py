"""Judged matrices in a terminal: the verdict, the numbers, the cosines and the closest pairs."""

from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.table import Table

from toysup.matrices.judge import Judged
from toysup.matrices.measured import Cosines
from toysup.reports.console import Text, bullet, console, heading
from toysup.reports.directions import sentences, tables
from toysup.reports.instance.terminal import plain_table
from toysup.reports.labels import LOOKS
from toysup.verdict import Verdict
from toysup.verdict.nulls import cosine_below

BAR = 30  # letters of the fullest bin
WIDE_BINS = 20  # of the histogram that is shown


def show(found: Sequence[Judged], said: Sequence[str] = (), out: Console | None = None) -> None:
    """Print what came of each group."""
    out = out or console()
    for words in said:
        out.print(Text(words, style="dim"))
    for place, one in enumerate(found):
        if place:
            out.print()
        group(one, out)


def group(one: Judged, out: Console) -> None:
    first = one.matrices[0]
    out.print(Text(one.group, style="bold"))
    out.print(verdict("As it is", one.verdict))
    if one.verdict_without_mean:
        out.print(verdict("Without its mean", one.verdict_without_mean))
    for caveat in sentences.caveats(one):
        bullet(out, caveat)
    which = sentences.which(one)
    heading(out, f"What was measured{which}")
    out.print(drawn(tables.numbers(one)))
    out.print(Text(sentences.MEANING, style="dim"))
    if first.whole:
        part(out, "Of all directions", tables.of_all(first), sentences.about_sample(first))
    if first.cosines:
        heading(out, "Cosines of pairs")
        out.print(histogram(first.cosines, first.dimensions))
        for line in sentences.about_cosines(first):
            bullet(out, line)
        heading(out, "Pairs")
        out.print(drawn(tables.pairs("closest", first.cosines.closest)))
        out.print(drawn(tables.pairs("most opposed", first.cosines.opposed)))
    if one.forced:
        lines = sentences.about_data(one.forced)
        part(out, "What the data force", tables.null_of_data(one.forced), lines)
    if one.agreements:
        heading(out, "The same pairs")
    for found in one.agreements:
        bullet(out, sentences.agreed(found))


def part(out: Console, title: str, table: tables.Table, lines: Sequence[str]) -> None:
    heading(out, title)
    out.print(drawn(table))
    for line in lines:
        bullet(out, line)


def drawn(table: tables.Table) -> Table:
    made = plain_table(*table.head)
    for row in table.rows:
        made.add_row(*row)
    return made


def verdict(title: str, v: Verdict) -> Text:
    text = Text(f"{title}: ")
    text.append(v.label.value, style=LOOKS[v.label].style)
    return text.append(f". {sentences.reason(v)}")


def histogram(found: Cosines, m: int) -> Table:
    """Shares of pairs by cosine on a logarithmic scale, beside those of random directions."""
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    for name in ("cosine", "pairs", "", "random"):
        table.add_column(name, justify="left" if not name else "right")
    counts = found.histogram.reshape(WIDE_BINS, -1).sum(axis=1)
    total = max(1, int(counts.sum()))
    some = np.flatnonzero(counts)
    edges = np.linspace(-1, 1, WIDE_BINS + 1)
    floor = np.log(0.5 / total)
    for i in range(some.min(), some.max() + 1):
        share = counts[i] / total
        level = (np.log(share) - floor) / -floor if share else 0
        table.add_row(
            f"{edges[i]:.1f} to {edges[i + 1]:.1f}",
            f"{share:.2g}" if share else "0",
            Text("█" * round(BAR * level)),
            f"{cosine_below(edges[i + 1], m) - cosine_below(edges[i], m):.2g}",
        )
    return table
