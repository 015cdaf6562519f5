"""The pictures of a metric that claims speak of: its mean along the axis, panel by panel."""

import math
from collections.abc import Sequence

from toysup.reports import claim_metrics, figures
from toysup.reports.style import COLOURS, DASHES, MUTED, literal
from toysup.reports.words import readable
from toysup.spec.label import UNJUDGED

WIDE = 100.0  # positive values whose ends are this far apart, as a ratio, are drawn by logarithm


def has_metric(line, name: str) -> bool:
    """Whether a line has any value of a metric."""
    return any(math.isfinite(point.measured[name].value) for point in line.points)


def metrics_with_figure(findings) -> list[str]:
    """The metrics that have a picture."""
    there = findings.lines[0].points[0].measured if findings.lines else {}
    return [name for name in there if any(has_metric(line, name) for line in findings.lines)]


def panels(findings, name: str) -> dict:
    """Figures of one metric: its mean and interval, one for each objective and views.

    Lines that do not have the metric are left out.
    """
    lines = [line for line in findings.lines if has_metric(line, name)]
    values = [point.measured[name] for line in lines for point in line.points]
    marks = claim_metrics.levels(findings.claims, name)
    low, high = ends([x for v in values for x in (v.value, v.low, v.high)] + [*marks])
    logarithmic = min([v.value for v in values if v.value == v.value], default=0) > 0
    logarithmic &= high > WIDE * max(low, 0) and low > 0

    def draw(axis, title, members):
        if logarithmic:
            axis.set_yscale("log")
            axis.set_ylim(low / 1.2, high * 1.2)
        else:
            margin = 0.06 * (high - low) or 0.05
            axis.set_ylim(low - margin, high + margin)
        figures.horizontal(axis, findings.axis)
        for mark, words in marks.items():
            axis.axhline(mark, color=MUTED, linewidth=0.7, linestyle=(0, (6, 3)), zorder=0)
            axis.annotate(
                words,
                (1, mark),
                xycoords=("axes fraction", "data"),
                xytext=(0, 2),
                textcoords="offset points",
                ha="right",
                fontsize=7.5,
                color=MUTED,
            )
        for number, line in enumerate(members):
            curve(axis, line, number, name)
        figures.heading(axis, title, members)

    return {
        title: figures.small_multiples(findings, {title: members}, draw, readable(name), None)
        for title, members in figures.panels_of(lines).items()
    }


def ends(values: Sequence[float]) -> tuple[float, float]:
    """The least and the greatest of the values that are known."""
    finite = [value for value in values if math.isfinite(value)]
    return min(finite), max(finite)


def curve(axis, line, number: int, name: str) -> None:
    """One line with its intervals; a cross where it was not judged, grey where not counted."""
    colour = COLOURS[number % len(COLOURS)]
    dash = DASHES[number % len(DASHES)]
    points = [point for point in line.points if math.isfinite(point.measured[name].value)]
    means = [point.measured[name].value for point in points]
    style = {"linestyle": dash, "linewidth": 1.4, "label": literal(line.key) or None}
    axis.plot([point.x for point in points], means, color=colour, **style)
    for point, mean in zip(points, means, strict=True):
        value = point.measured[name]
        axis.plot([point.x] * 2, [value.low, value.high], color=colour, linewidth=1.2)
        judged = point.label not in UNJUDGED
        look = {"marker": "o" if judged else "x", "markersize": 4.5, "clip_on": False}
        look["color"] = MUTED if point.idle else colour
        axis.plot([point.x], [mean], linestyle="none", zorder=4, **look)
