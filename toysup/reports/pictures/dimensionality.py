"""The dimensionality of every feature against sparsity: the levels of simple shapes."""

from fractions import Fraction

import numpy as np
import pandas as pd

from toysup.metrics.levels import LEVELS
from toysup.metrics.represented import REPRESENTED
from toysup.reports.pictures._density import panels, sparsity_axis
from toysup.reports.pictures._picture import Picture
from toysup.reports.style import COLOURS, MUTED, STYLE
from toysup.verdict.restarts import lowest

SPREAD = 0.7  # of the way from a density to the next, in logarithms
WIDEST = 0.12  # that way, at most
CLOSE = {2 / 5: "bottom", 3 / 8: "top"}  # lines whose names would overlap
GOLDEN = (np.sqrt(5) - 1) / 2


def points(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for each feature of each lowest-loss restart: x, which is 1 / (1 - S), its D, and
    whether it is represented."""
    best = lowest(rows)
    norms = np.stack(best["norms"].to_list())
    n = norms.shape[1]
    return pd.DataFrame(
        {
            "x": np.repeat(1 / best["feature_probability"].to_numpy(), n),
            "D": np.stack(best["dimensionality"].to_list()).ravel(),
            "represented": (norms > REPRESENTED * norms.max(axis=1, keepdims=True)).ravel(),
        }
    )


def spread(x: np.ndarray) -> np.ndarray:
    """The points of a column beside each other, evenly and in no order that shows."""
    values = np.unique(x)
    step = min([WIDEST, *np.log(values[1:] / values[:-1])])
    return x * np.exp(SPREAD * step * ((np.arange(len(x)) * GOLDEN) % 1 - 0.5))


def dots(axis, some: pd.DataFrame) -> None:
    """Drawn as pixels: as shapes, tens of thousands would make a page slow."""
    x = spread(some["x"].to_numpy())
    for there, colour, size, alpha in ((False, MUTED, 2, 0.2), (True, COLOURS[0], 5, 0.45)):
        chosen = (some["represented"] == there).to_numpy()
        look = {"s": size, "color": colour, "alpha": alpha, "linewidths": 0, "rasterized": True}
        axis.scatter(x[chosen], some["D"].to_numpy()[chosen], zorder=3, **look)


def levels(axis, even: Fraction) -> None:
    """The theory's lines, named at the right; `even` is what all have in an even spread."""
    shapes = {**LEVELS, float(even): "all spread evenly", 0: "not represented"}
    for level, shape in shapes.items():
        known = level in LEVELS
        style = {"color": MUTED} if known else {"color": MUTED, "dashes": (1, 2)}
        axis.axhline(level, linewidth=0.8, zorder=1, **style)
        exact = f"{Fraction(level).limit_denominator(1000)}  " if level else ""
        axis.annotate(
            exact + shape,
            (1, level),
            (6, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va=CLOSE.get(level, "center"),
            fontsize=8.5,
            color=MUTED,
        )


class Dimensionality(Picture):
    """The dimensionality of every feature against sparsity: the levels of simple shapes."""

    title = "The dimensionality of features"
    caption = (
        "Each dot is a feature of the restart with the lowest loss: which share of a dimension "
        "it has to itself, D. The columns are densities, spread a little so that dots can be "
        "seen. Lines are theory: what features have in simple shapes, each in a subspace of its"
        " own, and m / n, if all n shared the m dimensions evenly. Grey dots are features under"
        " 0.3 of the largest norm, which are not represented. A level does not prove its shape."
        " After Elhage et al. 2022, The Geometry of Superposition."
    )

    def draw(self, findings):
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        shown = {name: points(some) for name, some in panels(findings.rows).items()}
        first = findings.rows.iloc[0]
        even = Fraction(int(first["d_hidden"]), int(first["n_features"]))
        with rc_context(STYLE):
            size = 8.2, 0.4 + 4.6 * len(shown)
            figure = Figure(figsize=size, dpi=160, layout="constrained")
            axes = figure.subplots(len(shown), 1, squeeze=False).ravel()
            for axis, (name, some) in zip(axes, shown.items(), strict=True):
                sparsity_axis(axis, some["x"])
                levels(axis, even)
                dots(axis, some)
                axis.set_ylim(-0.03, 1.05)
                axis.set_yticks(np.arange(0, 1.01, 0.25), labels=["0", "1/4", "1/2", "3/4", "1"])
                axis.set_ylabel("dimensionality D of a feature")
                axis.set_title(name, loc="left", fontsize=10, fontweight="bold")
        return figure
