"""Adversarial vulnerability beside features per dimension. Elhage et al. 2022."""

import numpy as np
import pandas as pd

from toysup.reports.pictures._picture import Picture
from toysup.reports.style import COLOURS, MUTED, RULE, STYLE
from toysup.verdict.restarts import lowest


def stretch(W: np.ndarray) -> float:
    """The largest |W^T W d| / |d|: the square of W's largest singular value."""
    return float(np.linalg.norm(W, 2) ** 2)


def curves(rows: pd.DataFrame) -> pd.DataFrame:
    """Of each row what the picture shows: 1 / (1 - S), the paper's ratio, the vulnerability,
    features per dimension, and the stretch of W^T W; by ascending sparsity."""
    matrices = (
        np.asarray(W, float).reshape(int(d), -1)
        for W, d in zip(rows["W"], rows["d_hidden"], strict=True)
    )
    found = pd.DataFrame(
        {
            "sparsity": 1 / rows["feature_probability"].to_numpy(float),
            "ratio": rows["attack_ratio"].to_numpy(float),
            "vulnerability": rows["vulnerability"].to_numpy(float),
            "features": 1 / rows["dimensions_per_feature"].to_numpy(float),
            "stretch": [stretch(W) for W in matrices],
        }
    )
    return found.sort_values("sparsity", kind="stable").reset_index(drop=True)


def against_sparsity(axis, best: pd.DataFrame, every: pd.DataFrame) -> None:
    x = best["sparsity"]
    theory = {"color": MUTED, "linewidth": 1.2}
    axis.plot(x, best["stretch"], **theory, linestyle=(0, (4, 2)), label="theory: all outputs")
    axis.plot(x, best["features"] ** 0.5, **theory, linestyle=":", label="theory: one output")
    named = (
        ("features", "features per dimension"),
        ("ratio", "one attack on all samples"),
        ("vulnerability", "an attack on each sample"),
    )
    for (column, name), colour in zip(named, COLOURS, strict=False):
        axis.plot(every["sparsity"], every[column], ".", color=colour, markersize=3, alpha=0.5)
        axis.plot(x, best[column], "o-", color=colour, linewidth=1.4, markersize=4, label=name)
    axis.axhline(1, color=RULE, linewidth=0.8, zorder=0)
    axis.annotate(
        "no superposition",
        (x.iloc[-1], 1),
        xytext=(0, 3),
        textcoords="offset points",
        ha="right",
        color=MUTED,
        fontsize=8,
    )
    axis.set_xscale("log")
    ticks = [t for t in (1, 3, 10, 30, 100, 300, 1000) if x.min() <= t <= 1.01 * x.max()]
    axis.set_xticks(ticks, labels=[f"{t:,}" for t in ticks])
    axis.minorticks_off()
    axis.set_ylim(0, None)
    axis.set_xlabel("sparsity, 1 / (1 - S)")
    axis.set_ylabel("vulnerability; features per dimension")
    axis.legend(frameon=False, loc="upper left")


def against_each_other(axis, best: pd.DataFrame, every: pd.DataFrame) -> None:
    end = 1.1 * max(every["features"].max(), every["ratio"].max())
    axis.plot([0, end], [0, end], color=MUTED, linestyle=(0, (4, 2)), linewidth=1.2)
    axis.annotate(
        "equal",
        (0.93 * end, 0.93 * end),
        xytext=(-4, 4),
        textcoords="offset points",
        ha="right",
        color=MUTED,
        fontsize=8,
    )
    axis.plot(every["features"], every["ratio"], ".", color=COLOURS[1], markersize=3, alpha=0.5)
    axis.plot(best["features"], best["ratio"], "o", color=COLOURS[1], markersize=5)
    for _, point in best.iloc[[0, len(best) // 2, -1]].iterrows():
        right = point["features"] < 0.8 * end
        axis.annotate(
            f"p = {1 / point['sparsity']:.2g}",
            (point["features"], point["ratio"]),
            xytext=(6, -11) if right else (-6, -11),
            textcoords="offset points",
            ha="left" if right else "right",
            fontsize=8,
        )
    axis.set_xlim(0, end)
    axis.set_ylim(0, end)
    axis.set_aspect("equal")
    axis.set_xlabel("features per dimension, $|W|_F^2 / m$")
    axis.set_ylabel("vulnerability to one attack on all samples")


class Adversarial(Picture):
    """Adversarial vulnerability beside features per dimension. Elhage et al. 2022."""

    title = "Vulnerability and features per dimension"
    caption = (
        "Left, against sparsity: what the most harmful attack on one feature adds to the loss "
        "when all samples get it, as a multiple of what it adds without superposition (the "
        "paper's ratio); how far the worst small change of each sample moves the answer from it, "
        "as a multiple of its length; and features per dimension |W|_F^2 / m. Lines are the "
        "lowest-loss restart, dots the others. Theory, from W alone, is why for "
        "an autoencoder this is nearly a tautology: without ReLU and bias an attack on all "
        "outputs reaches the largest factor by which W^T W stretches anything (dashed), which "
        "is features per dimension where directions are a tight frame; an attack on the output "
        "of one feature of norm 1 reaches the root of its 1 / D (dotted). Right: the "
        "paper's ratio against features per dimension. Where few features are present the bias "
        "hides all outputs but theirs, and samples without any cannot be attacked. After Elhage "
        "et al. 2022, Toy Models of Superposition, the relationship between superposition and "
        "adversarial robustness."
    )

    def draw(self, findings):
        """A Figure: both curves against sparsity, and the scatter of one against the other."""
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        rows = findings.rows[findings.rows["directions"] == "encoder"]
        best, every = curves(lowest(rows)), curves(rows)
        with rc_context(STYLE):
            figure = Figure(figsize=(9, 4), layout="constrained")
            left, right = figure.subplots(1, 2, width_ratios=(3, 2))
            against_sparsity(left, best, every)
            against_each_other(right, best, every)
        return figure
