"""Comparisons as one HTML page: what the terminal shows, and the differences drawn."""

from collections.abc import Sequence
from pathlib import Path

from toysup.compare import METRICS, Comparison
from toysup.files.deliver import deliver
from toysup.reports import comparison, image
from toysup.reports.html import minus, rendered
from toysup.reports.style import COLOURS, MUTED, PAPER, RULE, STYLE, literal
from toysup.reports.words import name_of

DRAWN = METRICS[1:3]  # P and the index; T is on another scale with many features
MOST_DRAWN = 60  # conditions: a longer picture is read no better than the table
ROW = 0.24  # inches


def write(comparisons: Sequence[Comparison], path: Path) -> None:
    """Write the page, whole or not at all. ToysupError when it cannot be written there."""
    deliver(path, render(comparisons).encode())


def render(comparisons: Sequence[Comparison]) -> str:
    parts = [
        {
            "found": found,
            "headline": minus(comparison.headline(found)),
            "spite": comparison.in_spite_of(found),
            "figure": image.svg(figure(found)) if drawn(found) else "",
            "rows": [table_row(one) for one in found.shared],
            "only": [
                (run, [name_of(case) for case in cases])
                for run, cases in zip(found.runs, found.only, strict=True)
            ],
        }
        for found in comparisons
    ]
    symbols = list(comparison.SYMBOLS.values())
    return rendered(
        "comparison/page.html", parts=parts, symbols=symbols, meaning=comparison.MEANING
    )


def table_row(one) -> dict:
    cells = [
        {
            "difference": minus(comparison.one_number(one.differences[name])),
            "size": minus(comparison.size(one.differences[name])),
            "over": name in one.over,
        }
        for name in comparison.SYMBOLS
    ]
    return {
        "name": name_of(one.case),
        "verdicts": comparison.verdicts(one),
        "same": one.same_verdict,
        "seeds": comparison.seeds(one),
        "cells": [] if one.identical else cells,
    }


def drawn(found: Comparison) -> list:
    """The conditions that the picture has: those that differ, the first of many."""
    return [one for one in found.shared if not one.identical][:MOST_DRAWN]


def figure(found: Comparison):
    """A matplotlib Figure: the differences of P and of the index with their intervals."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    some = drawn(found)
    with rc_context(STYLE):
        made = Figure(figsize=(9, 0.9 + ROW * len(some)), layout="constrained")
        axes = made.subplots(1, len(DRAWN), sharey=True)
        for axis, name in zip(axes, DRAWN, strict=True):
            axis.axvline(0, color=RULE, linewidth=0.8, zorder=0)
            if found.tolerance:
                axis.axvspan(-found.tolerance, found.tolerance, color=RULE, alpha=0.4, zorder=0)
            for place, one in enumerate(some):
                known = one.differences[name]
                colour = COLOURS[0] if one.same_verdict else COLOURS[1]
                axis.plot([known.low, known.high], [place] * 2, color=colour, linewidth=1.4)
                face = colour if one.same_verdict else PAPER
                axis.plot(known.value, place, "o", color=colour, markerfacecolor=face, markersize=5)
            axis.set_xlabel(f"difference of {comparison.SYMBOLS[name]}")
            axis.spines["left"].set_visible(False)
            axis.tick_params(left=False, colors=MUTED)
        names = [literal(name_of(one.case)) for one in some]
        axes[0].set_yticks(range(len(some)), labels=names)
        axes[0].set_ylim(len(some) - 0.5, -0.5)
    return made
