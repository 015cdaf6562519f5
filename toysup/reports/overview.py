"""The picture of the answer: the index along the axis, one panel per objective and views."""

import math
from functools import partial

from toysup.reports.axis import Axis
from toysup.reports.figures import heading, horizontal, panels_of, small_multiples
from toysup.reports.findings import Findings
from toysup.reports.labels import LOOKS, MINIMISES, UNJUDGED, Label
from toysup.reports.lines import Line
from toysup.reports.style import BAND, COLOURS, DASHES, INK, MUTED, PAPER, RULE, STYLE, literal
from toysup.reports.words import plain

LONGEST_KEY = 9  # entries of a legend that fit below one another beside a panel
LOGARITHMIC = -1.5  # an index below this is worth a logarithmic axis
LINEAR = 1.0  # the index is drawn linearly within this of 0, and by its logarithm beyond
# Where the optimum, and so the index, is known to lie between two bounds.
OPEN_RANGE = {"linewidth": 5, "alpha": 0.28, "solid_capstyle": "butt", "zorder": 1}
TIGHT = {"color": MUTED, "linestyle": (0, (1, 2)), "linewidth": 1.0, "zorder": 0.6}


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
