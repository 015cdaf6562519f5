"""Data points, then features: what a model of a finite data set stores, and its test loss."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toysup.reports.pictures._picture import Picture
from toysup.reports.style import COLOURS, INK, MUTED, RULE, STYLE
from toysup.verdict.restarts import lowest

SUMMED = "summed_mse"
SHOWN = 6  # sizes whose directions are drawn
OF_TRAINING, OF_TEST = COLOURS[0], COLOURS[1]


@dataclass(frozen=True)
class Stored:
    """What the best model of one size of data set stores; columns are points of the plane."""

    size: int
    samples: np.ndarray
    features: np.ndarray


def stored(row: pd.Series) -> Stored:
    """The directions that a row of the results has."""
    d = int(row["d_hidden"])
    codes = np.asarray(row["sample_codes"], float).reshape(d, -1)
    W = np.asarray(row["W"], float).reshape(d, -1)
    return Stored(int(row["dataset_size"]), codes[:2, np.isfinite(codes[0])], W[:2])


def chosen_sizes(sizes: list[float], count: int = SHOWN) -> list[float]:
    """Some of the sizes, evenly by rank, with both ends.

    >>> chosen_sizes([3, 5, 10, 50, 100], 3)
    [3, 10, 100]
    """
    places = np.linspace(0, len(sizes) - 1, min(count, len(sizes))).round().astype(int)
    return [sizes[place] for place in places]


def planes(axes, shown: list[Stored]) -> None:
    """Each column a size: the codes of its samples above the directions of the features."""
    for column, found in zip(axes.T, shown, strict=True):
        for axis, points, colour in zip(
            column, (found.samples, found.features), (OF_TRAINING, INK), strict=True
        ):
            lines_from_zero(axis, points, colour)
        column[0].set_title(f"T = {found.size:,}", fontsize=10, fontweight="bold")
    for axis, name in zip(axes[:, 0], ("samples", "features"), strict=True):
        axis.set_ylabel(name)


def lines_from_zero(axis, points: np.ndarray, colour: str) -> None:
    """Points of a plane, (2, any), with a thin line from zero to each."""
    reach = 1.15 * np.abs(points).max(initial=1e-6)
    for x, y in points.T:
        axis.plot([0, x], [0, y], color=colour, linewidth=0.6, alpha=0.35)
    axis.plot(*points, "o", color=colour, markersize=3.5, markeredgewidth=0)
    axis.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xticks=[], yticks=[])
    axis.spines[["left", "bottom"]].set_color(RULE)
    axis.spines[["top", "right"]].set_visible(True)
    axis.spines[["top", "right"]].set_color(RULE)


def losses(axis, rows: pd.DataFrame, best: pd.DataFrame) -> None:
    """Both losses of the best restart against T, with the others as dots."""
    summed = best["objective"].iloc[0] == SUMMED
    of_zero = 1.0 if summed else 1 / best["n_features"].iloc[0]
    named = (("loss", "on the data set", OF_TRAINING), ("test_loss", "on fresh samples", OF_TEST))
    for column, name, colour in named:
        axis.plot(rows["dataset_size"], rows[column], ".", color=colour, markersize=3, alpha=0.4)
        axis.plot(best["dataset_size"], best[column], "o-", color=colour, markersize=4, label=name)
    axis.axhline(of_zero, color=MUTED, linestyle=(0, (4, 2)), linewidth=1, label="answer of zero")
    axis.set_xscale("log")
    # Restarts at the bump are many times worse than the best: linear up to the answer of zero, and
    # by the logarithm above.
    axis.set_yscale("symlog", linthresh=of_zero, linscale=1)
    top = 1.2 * max(rows["test_loss"].max(), 1.5 * of_zero)
    ticks = [k * of_zero for k in (0, 0.5, 1, 3, 10, 30, 100) if k * of_zero <= top]
    axis.set_yticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    axis.minorticks_off()
    axis.set_ylim(-0.1 * of_zero, top)
    axis.set_ylabel("loss")
    axis.legend(frameon=False, loc="upper right")


def dimensions(axis, best: pd.DataFrame) -> None:
    """How many dimensions a represented feature has on average, and a sample."""
    T = best["dataset_size"]
    axis.plot(
        T, best["sample_dimensionality"], "o-", color=OF_TRAINING, markersize=4, label="samples"
    )
    axis.plot(T, best["mean_dimensionality"], "s-", color=INK, markersize=4, label="features")
    axis.axhline(2 / 5, color=MUTED, linestyle=(0, (4, 2)), linewidth=1)
    axis.annotate(
        "2/5, a pentagon",
        (T.median(), 2 / 5),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        color=MUTED,
        fontsize=8,
    )
    axis.set_ylim(0, None)
    ticks = [10.0**k for k in range(7) if T.min() <= 10.0**k <= T.max()]
    axis.set_xticks(ticks, labels=[f"{tick:,.0f}" for tick in ticks])
    axis.set_xlabel("samples in the data set, T")
    axis.set_ylabel("mean dimensionality")
    axis.legend(frameon=False, loc="upper center")


class Memorisation(Picture):
    """Data points, then features: what a model of a finite data set stores, and its test loss."""

    title = "From data points to features"
    caption = (
        "The lowest-loss restart at some numbers of samples T, with the least weight decay of the "
        "sweep. Upper row: the code of each sample that the model was trained on (at most 256). "
        "Lower row: the direction of each feature. Few samples lie on a polygon, as features do; "
        "with many, features do, and samples follow them. Below: the loss on the data set and on "
        "fresh samples, with that of the other restarts as dots (linear up to that of an answer of "
        "zero, which is 1 / n "
        "for samples of length 1, or 1 of a loss that is summed, and logarithmic above); and how "
        "many dimensions the directions of features and of samples have to themselves. After "
        "Henighan et al. 2023, Superposition, Memorization, and Double Descent."
    )

    def draw(self, findings):
        """A Figure: two rows of planes above the losses and the dimensionalities against T."""
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        rows = findings.rows[findings.rows["directions"] == "encoder"]
        rows = rows[rows["weight_decay"] == rows["weight_decay"].min()]
        best = lowest(rows).sort_values("dataset_size").drop_duplicates("dataset_size")
        shown = best[best["dataset_size"].isin(chosen_sizes(best["dataset_size"].tolist()))]
        with rc_context(STYLE):
            figure = Figure(figsize=(1.85 * len(shown), 7.6), layout="constrained")
            above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=(1, 1))[:, 0]
            planes(
                above.subplots(2, len(shown), squeeze=False),
                [stored(r) for _, r in shown.iterrows()],
            )
            losses_axis, sizes_axis = below.subplots(2, 1, sharex=True, height_ratios=(3, 2))
            losses(losses_axis, rows, best)
            dimensions(sizes_axis, best)
        return figure
