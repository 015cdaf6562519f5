"""Learning, step by step: the loss above, the dimensionality of each feature below it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from toysup import theory
from toysup.measure import trajectory
from toysup.metrics import levels
from toysup.metrics.dimensionality import dimensionality
from toysup.reports.pictures import _snapshots
from toysup.reports.pictures._picture import Picture
from toysup.reports.style import COLOURS, MUTED, RULE, STYLE, literal
from toysup.verdict.restarts import lowest

LEVELS = {level: str(Fraction(level).limit_denominator(8)) for level in levels.LEVELS}
PLANE = {1: "1", 2 / 3: "2/3", 1 / 2: "1/2", 2 / 5: "2/5", 1 / 3: "1/3"}
NAMES = {3: "triangle", 4: "square", 5: "pentagon", 6: "hexagon", 7: "heptagon", 8: "octagon"}
MOST_COLUMNS = 3
ONE_EACH = 0.05  # how far, relatively, the density may be from one feature a sample
SETTLED = 9  # the part of the records after which the fall of a loss is shown
ROOM = 1.25  # times that fall is the height of its panel
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Trajectory:
    """What a column of the picture shows: one restart among those of its condition."""

    title: str
    steps: np.ndarray
    losses: np.ndarray
    others: np.ndarray  # (restarts, steps)
    W: np.ndarray  # (steps, d_hidden, n_features)
    groups: np.ndarray  # a number for each feature; the related ones have the same
    polygons: dict[str, float]  # losses that theory knows

    @property
    def D(self) -> np.ndarray:
        """(steps, n_features)"""
        return dimensionality(self.W)

    @property
    def jumped(self) -> np.ndarray:
        """The steps at which a feature has just jumped."""
        at = [place for d in self.D.T for place in trajectory.places_of_jumps(d)]
        return self.steps[sorted(set(at))]

    @property
    def logarithmic(self) -> bool:
        """Whether the records are spread by ratio."""
        gaps = np.diff(self.steps)
        return len(gaps) > 1 and gaps.max() > 2 * gaps.min()


def trajectories(rows: pd.DataFrame) -> list[Trajectory]:
    """The columns: of each condition the lowest-loss restart, and the one that jumps last."""
    found = []
    for _, best in lowest(rows).iterrows():
        same = (rows["condition"] == best["condition"]) & (rows["directions"] == best["directions"])
        every = rows[same & rows["recorded_loss"].notna()].reset_index(drop=True)
        if best["recorded_W"] is not None and len(every):
            found += list(of_condition(every, best))
    return found[:MOST_COLUMNS]


def of_condition(every: pd.DataFrame, best: pd.Series) -> Iterator[Trajectory]:
    yield trajectory_of(every, best, f"lowest loss of {len(every)} restarts")
    made = [trajectory_of(every, row, "the restart that jumps last") for _, row in every.iterrows()]
    last = max(made, key=lambda one: one.jumped.max(initial=-1))
    if len(last.jumped) and not np.array_equal(last.losses, np.asarray(best["recorded_loss"])):
        yield last


def trajectory_of(every: pd.DataFrame, row: pd.Series, title: str) -> Trajectory:
    d, n = int(row["d_hidden"]), int(row["n_features"])
    steps, losses = np.asarray(row["recorded_steps"]), np.asarray(row["recorded_loss"], float)
    size = row.get("group_size")
    one_each = abs(row["effective_density"] * n - 1) < ONE_EACH and row["objective"] == "mse"
    return Trajectory(
        title=title,
        steps=steps,
        losses=losses,
        others=np.stack(every.loc[every["seed"] != row["seed"], "recorded_loss"].to_list())
        if len(every) > 1
        else losses[:0].reshape(0, len(steps)),
        W=np.asarray(row["recorded_W"], float).reshape(len(steps), d, n),
        groups=np.arange(n) // int(size) if size and size == size else np.arange(n),
        polygons=polygons(n) if d == 2 and one_each else {},
    )


def polygons(n: int) -> dict[str, float]:
    """The losses of polygons, named as a reader would.

    >>> list(polygons(5))[-3:]
    ['square+', 'square\N{MINUS SIGN}', 'pentagon']
    """
    named = {}
    for key, loss in theory.polygon_losses(n).items():
        k, *left = int(key[0]), *key[1:].replace("+", " +").replace("-", " -").split()
        if k in NAMES and k >= n - 2 and loss > 0:
            signs = "".join(word[0] * int(word[1:]) for word in left)
            named[NAMES[k] + signs.replace("-", MINUS)] = loss
    return named


def draw_loss(axis, column: Trajectory) -> None:
    seen = column.steps > 0 if column.logarithmic else column.steps >= 0
    pale = {"alpha": min(0.5, max(0.18, 5 / (1 + len(column.others)))), "linewidth": 0.7}
    for losses in column.others:
        axis.plot(column.steps[seen], losses[seen], color=COLOURS[0], **pale)
    axis.plot(column.steps[seen], column.losses[seen], color=COLOURS[0], linewidth=2)
    if column.logarithmic:
        axis.set_xscale("log")
        logarithmic(axis)
    else:
        every = np.vstack([column.others, column.losses])
        first = np.median(every[:, len(column.steps) // SETTLED])
        low = min([every.min(), *column.polygons.values()])
        high = max([first, *column.polygons.values()])
        axis.set_ylim(low - 0.08 * (high - low), low + ROOM * (high - low))
    for name, loss in column.polygons.items():
        axis.axhline(loss, color=RULE, linewidth=0.8, zorder=0)
        label_line(axis, loss, name)
    axis.set_ylabel("loss")
    axis.tick_params(labelbottom=False)


def logarithmic(axis) -> None:
    """A logarithmic axis of losses with plain numbers."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axis.set_yscale("log")
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda loss, _: f"{loss:g}"))
    axis.yaxis.set_minor_formatter(NullFormatter())


def draw_dimensions(axis, column: Trajectory) -> None:
    seen = column.steps > 0 if column.logarithmic else column.steps >= 0
    for level, name in (PLANE if column.W.shape[1] == 2 else LEVELS).items():
        axis.axhline(level, color=RULE, linewidth=0.8, zorder=0)
        label_line(axis, level, name, {"2/5": "bottom", "3/8": "top"}.get(name, "center"))
    for feature, d in enumerate(column.D.T):
        colour = COLOURS[column.groups[feature] % len(COLOURS)]
        wide = 1.8 if trajectory.jumps(d) else 1.0
        axis.plot(column.steps[seen], d[seen], color=colour, linewidth=wide, alpha=0.9)
    axis.set_ylim(-0.03, 1.06)
    axis.set_ylabel("dimensions of each feature")
    axis.set_xlabel("steps")


def label_line(axis, y: float, text: str, side: str = "center") -> None:
    """A label at the right end of a line of theory."""
    place = {"transform": axis.get_yaxis_transform(), "va": side, "ha": "left"}
    axis.text(1.01, y, text, color=MUTED, fontsize=7.5, **place)


class Dynamics(Picture):
    """Learning, step by step: the loss above, the dimensionality of each feature below it."""

    title = "Learning dynamics"
    caption = (
        "The loss over the steps, on the same fresh samples at each, of the restart with the "
        "lowest loss at the end (bold) and of the others (pale); below it, how many dimensions "
        "each feature of the bold one has. Grey lines are theory: the levels of polytopes, D = "
        "1, 3/4, 2/3, 1/2, 2/5, 3/8, 0 (Elhage et al. 2022), in two dimensions D = 2/k and, "
        "with one feature a sample, the loss of each polygon, with + or - for each feature that"
        " it leaves out with a positive or no bias (Chen et al. 2023). On top, in two or three "
        "dimensions, the directions at six of the steps; correlated features have one colour. "
        "Beside it the restart that jumps between levels last, where that is another one; a "
        "feature that jumps has a thicker line."
    )

    def draw(self, findings):
        """A matplotlib Figure."""
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        columns = trajectories(findings.rows)
        drawn = [_snapshots.of(column) for column in columns]
        heights = [1.0 if any(drawn) else 0.01, 2.2, 2.6]
        with rc_context(STYLE):
            size = 5.6 * max(1, len(columns)) + 0.4, 1.15 * sum(heights) + 0.6
            figure = Figure(figsize=size, layout="constrained")
            if not columns:
                figure.text(
                    0.5, 0.5, "Nothing was recorded: give the sweep a [record].", ha="center"
                )
                return figure
            parts = figure.subfigures(1, len(columns), squeeze=False)[0]
            for part, column, snapshots in zip(parts, columns, drawn, strict=True):
                grid = part.add_gridspec(3, 1, height_ratios=heights)
                below = part.add_subplot(grid[2])
                above = part.add_subplot(grid[1], sharex=below)
                marks = column.steps[snapshots] if snapshots else column.jumped
                draw_loss(above, column)
                draw_dimensions(below, column)
                for axis in (above, below):
                    for step in marks:
                        axis.axvline(step, color=RULE, linewidth=0.7, zorder=0)
                title = part if snapshots else above
                if snapshots:
                    _snapshots.draw(part, grid[0], column, snapshots)
                named = {"fontsize": 10, "fontweight": "bold"}
                (title.suptitle if snapshots else title.set_title)(literal(column.title), **named)
        return figure
