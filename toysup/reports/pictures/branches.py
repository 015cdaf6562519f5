"""Two solutions whose losses cross where one feature is varied. Elhage et al. 2022."""

import numpy as np
import pandas as pd

from toysup.reports.axis import Axis
from toysup.reports.figures import horizontal
from toysup.reports.pictures._crossing import PENTAGON, crossing, restarts, theory
from toysup.reports.pictures._panels import matrix
from toysup.reports.pictures._picture import Picture
from toysup.reports.pictures.plane import arrows, plane, upright
from toysup.reports.style import COLOURS, INK, MUTED, RULE, STYLE
from toysup.reports.words import plain
from toysup.verdict.restarts import lowest

KINDS = {5: "pentagon (5 represented)", 4: "antipodal pairs (4)"}
COLOUR = {5: COLOURS[0], 4: COLOURS[1]}
REST, REST_NAME = COLOURS[2], "fewer"
GRID = 32  # values that theory is followed through


def strip(figure, best: pd.DataFrame, along: Axis) -> None:
    """The directions of the lowest-loss restarts along the axis."""
    axes = figure.subplots(1, len(best), squeeze=False)[0]
    for axis, (_, row) in zip(axes, best.iterrows(), strict=True):
        plane(axis, 1.3)
        W = matrix(row)
        last = W.shape[1] - 1
        arrows(axis, upright(W), [*[INK] * last, COLOURS[4]], numbers=False, size=0.8)
        axis.set_title(along.texts[row[along.name]], fontsize=9)


def scatter(axis, found: pd.DataFrame, x: np.ndarray, losses: dict, along: Axis) -> None:
    """Restarts and theory, as far up as the loss of the pentagon of equal features goes."""
    top = 1.35 * float(np.interp(0, np.log(x), losses[PENTAGON]))
    for kept, loss in losses.items():
        axis.plot(x, loss, color=COLOUR[kept], linewidth=1.4, label=f"{KINDS[kept]}, theory")
    for kept, group in kinds(found):
        inside = group[group["loss"] < top]
        colour = COLOUR.get(kept, REST)
        axis.plot(
            inside["x"], inside["loss"], "o", color=colour, markerfacecolor="none", markersize=5
        )
    at = crossing(x, losses)
    if np.isfinite(at):
        axis.axvline(at, color=MUTED, linewidth=0.8, linestyle=":")
        axis.annotate(
            f"cross at {plain(at)}",
            (at, 0.02 * top),
            xytext=(4, 0),
            textcoords="offset points",
            color=MUTED,
        )
    horizontal(axis, along)
    axis.set(ylim=(0, top), xlabel=along.title, ylabel="expected loss")
    axis.set_xlim(right=1.3)
    ticks = [t for t in (0.1, 0.2, 0.3, 0.5, 0.7, 1.0) if t >= min(along.values)]
    axis.set_xticks(ticks, labels=[plain(t) for t in ticks])
    axis.legend(frameon=False, loc="upper left")


def kinds(found: pd.DataFrame):
    """The restarts by what they represent: 5, 4, and 0 for fewer or more."""
    kept = found["kept"].where(found["kept"].isin(list(KINDS)), 0)
    return [(kind, found[kept == kind]) for kind in (*KINDS, 0) if (kept == kind).any()]


def shares(axis, found: pd.DataFrame, along: Axis) -> None:
    """How many restarts ended in which solution, at each value."""
    values = sorted(along.values)
    bottom = np.zeros(len(values))
    for kind, group in kinds(found):
        counts = group["x"].value_counts().reindex(values, fill_value=0).to_numpy()
        label = KINDS.get(kind, REST_NAME)
        axis.bar(
            range(len(values)),
            counts,
            bottom=bottom,
            width=0.8,
            color=COLOUR.get(kind, REST),
            label=label,
        )
        bottom += counts
    axis.set_xticks(range(len(values)), [along.texts[v] for v in values], fontsize=8)
    axis.set(xlabel=along.title, ylabel="restarts", ylim=(0, 1.25 * bottom.max()))
    axis.set_axisbelow(True)
    axis.grid(axis="y", color=RULE, linewidth=0.6)
    axis.legend(frameon=False, loc="upper left", ncols=2, fontsize=8.5)


class Branches(Picture):
    """Two solutions whose losses cross where one feature is varied. Elhage et al. 2022."""

    title = "Two solutions, and where they cross"
    caption = (
        "Above: the directions of the lowest-loss restart; the varied feature is in orange. "
        "Left: the expected loss of every restart (an integral over samples, so without noise),"
        " coloured by how many features it represents. The lines are theory: the pentagon and "
        "the two antipodal pairs, each followed from value to value by minimising that loss; "
        "each ends where it is no longer a minimum. Right: how many restarts ended in which. "
        "After Elhage et al. 2022, Perturbing a single feature."
    )

    def draw(self, findings):
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        along, rows = findings.axis, findings.rows
        best = lowest(rows).sort_values(along.name)
        found = restarts(rows, along.name)
        x = np.geomspace(min(along.values), max(along.values), GRID)
        losses = theory(best.iloc[0], along.name, x)
        with rc_context(STYLE):
            figure = Figure(figsize=(11, 5), layout="constrained")
            above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=[1, 2.6])[:, 0]
            above.suptitle(f"{along.label} of one feature", fontsize=10)
            strip(above, best, along)
            left, right = below.subplots(1, 2, width_ratios=[1.5, 1])
            scatter(left, found, x, losses, along)
            shares(right, found, along)
        return figure
