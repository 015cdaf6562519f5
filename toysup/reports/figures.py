"""The picture of the answer: the index along the axis, one panel per objective and views.

matplotlib is imported only where something is drawn, and never through pyplot.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from toysup.reports.axis import Axis
from toysup.reports.findings import Findings
from toysup.reports.labels import LOOKS, MINIMISES, UNJUDGED, Label
from toysup.reports.lines import Line
from toysup.reports.words import plain

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

INK, MUTED, RULE, BAND, PAPER = "#1c2127", "#5b6470", "#d5d9de", "#e9ebee", "#ffffff"
# Okabe and Ito 2008, "Color universal design": told apart under every common colour blindness.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (5, 2, 1.5, 2)))
COLUMNS = 3  # panels side by side
LONGEST_BESIDE = 17  # letters of a line's name that fit beside another's
LONGEST_KEY = 9  # entries of a legend that fit below one another beside a panel
LOGARITHMIC = -1.5  # an index below this is worth a logarithmic axis
LINEAR = 1.0  # the index is drawn linearly within this of 0, and by its logarithm beyond
# Where the optimum, and so the index, is known to lie between two bounds.
OPEN_RANGE = {"linewidth": 5, "alpha": 0.28, "solid_capstyle": "butt", "zorder": 1}
TIGHT = {"color": MUTED, "linestyle": (0, (1, 2)), "linewidth": 1.0, "zorder": 0.6}
STYLE: "dict[RcKeyType, Any]" = {
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "svg.fonttype": "none",  # the reader's own font, selectable
    "svg.hashsalt": "toysup",
}


def overview(findings: Findings):
    """A matplotlib Figure of the whole answer; save it as PNG or SVG."""
    draw = partial(panel, findings=findings)
    return small_multiples(findings, panels_of(findings.lines), draw, "minimisation index", key)


def panels(findings: Findings) -> dict:
    """The panels of the overview, a Figure each, without their common legend."""
    draw = partial(panel, findings=findings)
    return {
        name: small_multiples(findings, {name: lines}, draw, "minimisation index", None)
        for name, lines in panels_of(findings.lines).items()
    }


def legend(findings: Findings):
    """The common legend of the panels, as a Figure."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(STYLE):
        entries = key(findings)
        entries |= {"ncols": 1, "loc": "upper left", "borderaxespad": 0}
        figure = Figure(figsize=(2.1, 0.3 + 0.19 * len(entries["handles"])))
        figure.legend(**entries)
    return figure


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


def limits(findings: Findings) -> tuple[float, float]:
    """What every panel's index axis spans."""
    points = [point for line in findings.lines for point in line.points]
    ends = [low for p in points for low in (p.shown_index, p.index.low, p.random.low)]
    lows = [low for low in ends if low == low]
    low = min([-0.5, *(1.25 * low if low < 0 else low for low in lows)])
    return low, 1.12 if low > LOGARITHMIC else 1.7


def panel(axis, name: str, lines: list[Line], findings: Findings) -> None:
    low, high = limits(findings)
    if low < LOGARITHMIC:
        axis.set_yscale("symlog", linthresh=LINEAR, linscale=1.6)
        ticks = [-(10.0**k) for k in range(int(math.log10(-low)), 0, -1)] or [-3]
        ticks += [-1, 0, 0.5, 1]
    else:
        ticks = [-1, -0.5, 0, 0.5, 1]
    axis.set_yticks([t for t in ticks if low <= t], labels=[plain(t) for t in ticks if low <= t])
    axis.minorticks_off()
    axis.set_ylim(low, high)
    horizontal(axis, findings.axis)
    axis.axhline(1, color=RULE, linewidth=0.8, zorder=0)
    axis.axhline(0, color=RULE, linewidth=0.8, zorder=0.5)
    for number, line in enumerate(lines):
        curve(axis, line, number, findings.axis)
    heading(axis, name, lines)


def literal(words: str) -> str:
    r"""Words that come from a sweep or a file, as matplotlib draws them: a $ is no formula.

    >>> literal("$x$")
    '\\$x\\$'
    """
    return words.replace("$", r"\$")


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


def curve(axis, line: Line, number: int, along: Axis) -> None:
    """One line with its null band, its intervals, and a marker a verdict."""
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    xs = [point.x for point in line.points]
    if len(xs) > 1:
        low, high = ([getattr(q.random, end) for q in line.points] for end in ("low", "high"))
        axis.fill_between(xs, low, high, color=BAND, linewidth=0, zorder=0.2)
    else:
        q = line.points[0]
        edges = [q.x * 1.1, q.x / 1.1] if along.logarithmic else [q.x - 0.1, q.x + 0.1]
        axis.fill_between(edges, q.random.low, q.random.high, color=BAND, linewidth=0, zorder=0.2)
    tight = [point.tight.value for point in line.points]
    axis.plot(xs, tight, **TIGHT)
    middles = [point.shown_index for point in line.points]
    label = literal(line.key) or None
    axis.plot(xs, middles, color=colour, linestyle=dash, linewidth=1.4, label=label)
    for point, middle in zip(line.points, middles, strict=True):
        axis.plot([point.x] * 2, point.index_range, color=colour, **OPEN_RANGE)
        axis.plot([point.x] * 2, [point.index.low, point.index.high], color=colour, linewidth=1.2)
        axis.plot([point.x], [middle], **marker(point.label, MUTED if point.idle else colour))


def marker(label: Label, colour: str) -> dict:
    """Filled where directions minimise, hollow where they do something else, x unjudged."""
    look = LOOKS[label]
    filled = label in MINIMISES
    return {
        "marker": look.marker,
        "color": colour,
        "markersize": 5 if label in UNJUDGED else 5.5,
        "markerfacecolor": colour if filled else PAPER,
        "markeredgewidth": 1.3,
        "linestyle": "none",
        "zorder": 4,
        "clip_on": False,
    }


def key(findings: Findings) -> dict:
    """A legend of what markers, bars and the band mean."""
    from matplotlib.artist import Artist
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    present = {point.label for line in findings.lines for point in line.points}
    handles: list[Artist] = [
        Line2D([], [], label=label.value, **marker(label, INK))
        for label in LOOKS
        if label in present
    ]
    bar = {"marker": "|", "markersize": 9, "markeredgewidth": 1.2, "linestyle": "none"}
    handles.append(Line2D([], [], color=INK, label="95% over seeds", **bar))
    handles.append(Line2D([], [], color=INK, label="range, as the\noptimum is open", **OPEN_RANGE))
    if any(point.idle for line in findings.lines for point in line.points):
        pale = marker(Label.RANDOM, MUTED)
        handles.append(Line2D([], [], label="not counted", **pale))
    handles.append(Patch(color=BAND, label="random, 95%"))
    handles.append(Line2D([], [], label="tight frames", **TIGHT))
    style = {"frameon": False, "labelspacing": 0.55, "alignment": "left"}
    style |= {"ncols": 1 + (len(handles) > LONGEST_KEY), "columnspacing": 0.8}
    style |= {"handlelength": 1.5, "handletextpad": 0.5, "fontsize": 8}
    return style | {"handles": handles, "title": "1 is the best packing, 0 is random"}
