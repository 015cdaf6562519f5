"""Dimensions per feature against sparsity, with the paper's two plateaus."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toysup.reports.pictures._density import panels, sparsity_axis
from toysup.reports.pictures._picture import Picture
from toysup.reports.style import COLOURS, INK, MUTED, RULE, STYLE
from toysup.verdict.restarts import lowest

PLATEAUS = {1.0: "1: a dimension each", 0.5: "1/2: antipodal pairs"}
# p / 3 - p^2 / 4 is lost with a feature that is dropped, p^2 / 3 by two that share a dimension.
PAIRS_FROM = 7 / 4
BY_NORM = ("mse", "linear_mse", "masked_mse")  # objectives whose represented features have norm 1


@dataclass(frozen=True)
class Curve:
    """Dimensions per feature of one objective and way to make views, against 1 / (1 - S)."""

    name: str
    counted: str
    x: np.ndarray
    best: np.ndarray  # of the lowest-loss restart
    every: list[tuple[float, float]]  # (x, y) of all restarts

    @property
    def by_norm(self) -> bool:
        return self.counted == "m / |W|²"


def curves(rows: pd.DataFrame) -> list[Curve]:
    """What is drawn, from the rows of a run."""
    found = []
    for name, some in panels(rows).items():
        by_norm = some["objective"].iloc[0] in BY_NORM
        best = lowest(some).sort_values("feature_probability", ascending=False)
        points = 1 / some["feature_probability"], per_feature(some, by_norm)
        counted = "m / |W|²" if by_norm else "m / r"
        x = 1 / best["feature_probability"].to_numpy()
        every = list(zip(*points, strict=True))
        found.append(Curve(name, counted, x, per_feature(best, by_norm), every))
    return found


def per_feature(rows: pd.DataFrame, by_norm: bool) -> np.ndarray:
    """m over the number of features, which is |W|_F^2 or how many are represented."""
    if by_norm:
        return rows["dimensions_per_feature"].to_numpy(dtype=float)
    return (rows["n_active"] / rows["n_represented"]).to_numpy(dtype=float)


def line(axis, curve: Curve, colour: str) -> None:
    x, y = zip(*curve.every, strict=True)
    axis.plot(x, y, ".", color=colour, alpha=0.35, markersize=3.5, markeredgewidth=0, zorder=2)
    axis.plot(
        curve.x,
        curve.best,
        "o-",
        color=colour,
        linewidth=1.3,
        markersize=4,
        label=f"{curve.name}: {curve.counted}",
        zorder=3,
    )


def theory(axis, reconstructs: bool) -> None:
    """The plateaus, and where one gives way to the other."""
    right = axis.get_xlim()[1]
    for level, words in PLATEAUS.items():
        axis.axhline(level, color=MUTED if reconstructs else RULE, linewidth=0.9, dashes=(5, 3))
        style = {"ha": "right", "va": "bottom", "color": MUTED, "fontsize": 8.5}
        axis.annotate(words, (right, level), (-2, 2), textcoords="offset points", **style)
    if reconstructs and right > PAIRS_FROM:
        axis.axvline(PAIRS_FROM, color=MUTED, linewidth=0.9, dashes=(1, 2))
        note = {"color": INK, "fontsize": 8.5, "va": "bottom"}
        axis.annotate(
            "pairs pay\nfrom p = 4/7",
            (PAIRS_FROM, 0.02),
            (4, 0),
            textcoords="offset points",
            **note,
        )


class Plateaus(Picture):
    """Dimensions per feature against sparsity, with the paper's two plateaus."""

    title = "Dimensions per feature"
    caption = (
        "Hidden dimensions over features, at the restart with the lowest loss; small dots are "
        "all restarts. An autoencoder's features are counted by |W|² as in the paper, whose "
        "plateaus are the dashed lines: 1, a dimension each, and 1/2, antipodal pairs. The "
        "dotted line is where, in closed form, two features in a dimension lose as little as "
        "one of them dropped: p = 4/7. A cosine similarity leaves |W| free: there it is the "
        "represented features that are counted. After Elhage et al. 2022, The Geometry of "
        "Superposition."
    )

    def draw(self, findings):
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        with rc_context(STYLE):
            figure = Figure(figsize=(7.4, 4.2), layout="constrained")
            axis = figure.subplots()
            shown = curves(findings.rows)
            for number, curve in enumerate(shown):
                line(axis, curve, COLOURS[number % len(COLOURS)])
            sparsity_axis(axis, np.concatenate([curve.x for curve in shown]))
            theory(axis, any(curve.by_norm for curve in shown))
            axis.set_ylim(0, 1.09)
            axis.set_yticks(np.arange(0, 1.01, 0.25), labels=["0", "1/4", "1/2", "3/4", "1"])
            axis.set_ylabel("dimensions per feature")
            axis.legend(loc="upper right", bbox_to_anchor=(1, 0.9), frameon=False)
        return figure
