"""Small multiples: panels side by side, with one axis along the bottom and a legend.

matplotlib is imported only where something is drawn, and never through pyplot.
"""

import math
from collections.abc import Callable, Sequence

from toysup.reports.axis import Axis
from toysup.reports.findings import Findings
from toysup.reports.lines import Line
from toysup.reports.style import STYLE, literal
from toysup.reports.words import plain

COLUMNS = 3  # panels side by side
LONGEST_BESIDE = 17  # letters of a line's name that fit beside another's


def panels_of(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """The lines of each panel, in the order of the sweep."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.panel, []).append(line)
    return found


def small_multiples(
    findings: Findings,
    panels: dict[str, list[Line]],
    draw: Callable,
    label: str,
    legend: Callable[[Findings], dict] | None,
):
    """A Figure with `draw(axis, name, lines)` for each panel, `label` beside them, and a legend.

    Without a legend the one panel is as large as one of several.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    columns = min(COLUMNS, len(panels))
    rows = math.ceil(len(panels) / columns)
    with rc_context(STYLE):
        below = 0 if len(panels) < rows * columns else 0.9
        size = (3.7 * columns, 2.8 * rows + below) if columns > 1 else (5.5, 3.7)
        size = size if legend else (3.7, 2.8)
        room = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06, hspace=0.04, wspace=0.03)
        figure = Figure(figsize=size, layout=room)
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for axis, (name, lines) in zip(axes, panels.items(), strict=False):
            draw(axis, name, lines)
        for number, axis in enumerate(axes[: len(panels)]):
            if number % columns == 0:
                axis.set_ylabel(label)
            if number + columns >= len(panels):
                axis.set_xlabel(literal(findings.axis.title))
        for axis in axes[len(panels) :]:
            axis.set_axis_off()
        if not legend:
            pass
        elif len(panels) < len(axes):
            place = {"loc": "upper left", "bbox_to_anchor": (0, 1.05)}
            axes[len(panels)].legend(**place, **legend(findings)).set_in_layout(False)
        else:
            below = {"loc": "outside lower left", "ncols": max(2, columns)}
            figure.legend(**legend(findings) | below)
    return figure


def heading(axis, name: str, lines: list[Line]) -> None:
    """The name of a panel, and the key of its lines below it."""
    keyed = any(line.key for line in lines)
    wide = max(len(line.key) for line in lines) > LONGEST_BESIDE
    side_by_side = 1 if wide else 2
    rows_of_keys = math.ceil(len(lines) / side_by_side) if keyed else 0
    pad = 7 + 13 * rows_of_keys
    axis.set_title(literal(name), loc="left", fontsize=10, fontweight="bold", pad=pad)
    if keyed:
        axis.legend(
            loc="lower left",
            bbox_to_anchor=(-0.02, 0.985),
            ncols=side_by_side,
            frameon=False,
            handlelength=2.2,
            columnspacing=1.2,
            borderaxespad=0,
            fontsize=8.5,
        ).set_in_layout(False)


def horizontal(axis, along: Axis) -> None:
    """The axis of the lines: sparsity runs from dense to sparse, anything else upwards."""
    values = sorted(along.values)
    low, high = values[0], values[-1]
    if along.logarithmic:
        axis.set_xscale("log")
        decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        ticks = [10.0**k for k in decades if low / 1.01 <= 10.0**k <= high * 1.01]
        ends = low / 1.35, high * 1.35
    else:
        ticks, margin = [], 0.06 * (high - low) or 0.5
        ends = low - margin, high + margin
    ticks = ticks if len(ticks) > 1 else values if len(values) < 6 else [low, high]
    axis.set_xlim(*(ends[::-1] if along.is_sparsity else ends))
    axis.set_xticks(ticks, labels=[plain(tick) for tick in ticks])
    axis.minorticks_off()
