"""The phase diagram of a contrastive loss, and that of its numerical optimum drawn over it."""

import numpy as np
import pandas as pd

from toysup import theory
from toysup.errors import ToysupError
from toysup.reports import phase_panels as panel
from toysup.reports.phases import DENSITY_LABEL
from toysup.reports.pictures._panels import matrix
from toysup.reports.pictures._picture import Picture
from toysup.reports.style import INK, STYLE
from toysup.reports.words import readable
from toysup.spec.diagram import DENSITY
from toysup.theory import PHASES
from toysup.theory.contrastive_phases import (
    contrastive_phase_of_last,
    relative_length_and_overlap,
)
from toysup.verdict.restarts import lowest

KEEP = "relative_keep_probability"
SIDES = (KEEP, "temperature")  # what may vary beside the density, in one direction upwards
CLOSE = 0.05  # a gap of that share of the fall of the least loss counts as the optimum


def grids(rows: pd.DataFrame) -> tuple[str, pd.DataFrame, np.ndarray, np.ndarray]:
    """The setting upwards, and by (rows, columns) from dense to sparse: the lowest-loss restart of
    each cell, its W, and the W of least loss, NaN where it is not known.

    ToysupError where the rows are no such grid.
    """
    best = lowest(rows[rows["objective"] == "infonce"])
    varied = [name for name in SIDES if name in best and best[name].nunique() > 1]
    if len(varied) != 1 or best[DENSITY].nunique() < 2:
        raise ToysupError(f"needs several values of {DENSITY} and of one of {', '.join(SIDES)}")
    [side] = varied
    best = best.sort_values([side, DENSITY], ascending=[True, False])
    shape = best[side].nunique(), best[DENSITY].nunique()
    if shape[0] * shape[1] != len(best):
        raise ToysupError(f"needs each {side} with each {DENSITY} once")
    W = np.stack([matrix(row) for _, row in best.iterrows()])
    optima = best["least_W"] if "least_W" in best else [None] * len(best)
    known = [np.full(W[0].size, np.nan) if w is None else np.asarray(w, float) for w in optima]
    size = W.shape[1:]
    return side, best, W.reshape(*shape, *size), np.stack(known).reshape(*shape, *size)


def words_of(best: pd.DataFrame, trained: np.ndarray, optimum: np.ndarray) -> str:
    """In how many cells training is where the optimum is."""
    if np.isnan(optimum).all():
        return "its optimum is not known"
    phases = [contrastive_phase_of_last(W) for W in (trained, optimum)]
    reached = (best["optimality_gap"] < -CLOSE * best["least_loss"]).mean()
    return (
        f"in the optimum's phase: {(phases[0] == phases[1]).mean():.0%}; at its loss: {reached:.0%}"
    )


def boundary(axis, densities: np.ndarray, values: np.ndarray, optimum: np.ndarray) -> None:
    """Lines around each phase of the optimum."""
    phases = contrastive_phase_of_last(optimum)
    for place in range(len(PHASES)):
        if (phases == place).any() and (phases != place).any():
            x, y = np.log10(densities), np.log10(values)
            style = {"colors": INK, "linewidths": 1.1}
            axis.contour(x, y, (phases == place).astype(float), levels=[0.5], **style)


class ContrastivePhases(Picture):
    """The phase diagram of InfoNCE as trained, with its numerical optimum drawn over it."""

    title = "Ignored, superposed, dedicated under a contrastive loss"
    caption = (
        "What becomes of the last feature at each density and relative keep probability, or "
        "temperature. Paler is shorter beside the longest feature (ignored); blue has a dimension "
        "to itself, orange shares one. The lines are where the code of least loss, found by search "
        "in each cell with many negatives, goes from one phase to another. Beside it are that code "
        "itself and, where views keep the last feature less often, the autoencoder's phases at "
        "that relative importance, by the closed forms of Elhage et al. 2022."
    )

    def draw(self, findings):
        """A matplotlib Figure of the diagrams, side by side."""
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        side, best, trained, optimum = grids(findings.rows)
        densities, values = best[DENSITY].unique(), best[side].unique()
        n, m = trained.shape[-1], trained.shape[-2]
        shown = [
            ("Lowest loss of the restarts", words_of(best, trained, optimum), trained),
            ("Least loss", "found numerically, many negatives", optimum),
        ]
        with_mse = side == KEEP and m < n <= 2 * m
        with rc_context(STYLE):
            figure = Figure(figsize=(11 if with_mse else 7.6, 4.3), layout="constrained")
            axes = figure.subplots(1, 3 if with_mse else 2, sharey=True)
            for axis, (name, words, W) in zip(axes, shown, strict=False):
                length, overlap = relative_length_and_overlap(W)
                colours = panel.shades(length, np.minimum(1, overlap * m))
                panel.cells(axis, densities, values, colours)
                if not np.isnan(optimum).any():
                    boundary(axis, densities, values, optimum)
                titled(axis, name, words)
            if with_mse:
                phases = theory.mse_phases(densities[None], values[:, None], n, m)
                panel.cells(axes[2], densities, values, panel.of_phases(phases))
                panel.boundary(axes[2], n, m)
                titled(axes[2], "Mean squared error", "by importance in place of keeping")
            axes[0].set_ylabel(readable(side))
            panel.legend(figure, line="boundary of the least loss")
        return figure


def titled(axis, name: str, words: str) -> None:
    axis.set_title(name, loc="left", fontsize=10, fontweight="bold", pad=18)
    axis.text(0, 1.02, words, transform=axis.transAxes, fontsize=8.5)
    axis.set_xlabel(DENSITY_LABEL)
