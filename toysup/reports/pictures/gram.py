"""W^T W with the norms of the features. Elhage et al. 2022, "Demonstrating superposition"."""

import numpy as np

from toysup.metrics.dimensionality import dimensionality
from toysup.metrics.interference import interference
from toysup.metrics.norms import norms
from toysup.reports.pictures._panels import Panel, groups, panels, table
from toysup.reports.pictures._picture import Picture
from toysup.reports.style import INK, MUTED, STYLE

MOST = 1.0  # interference with the lightest colour: as much of others as of itself


def stack(panel: Panel) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """W^T W, (n, n), and the norm and the interference of each feature, (n,), of the lowest-loss
    restart; the interference of a feature that is not there counts as none."""
    W = panel.W
    there = dimensionality(W) > 0
    return W.T @ W, norms(W), np.where(there, interference(W), 0.0)


def ends_of_groups(panel: Panel) -> np.ndarray:
    """Where a group of features ends and another begins, between two columns of W^T W."""
    group = groups(panel.best)
    return np.array([]) if group is None else np.flatnonzero(np.diff(group)) + 0.5


class Gram(Picture):
    """W^T W with the norms of the features. Elhage et al. 2022, "Demonstrating superposition"."""

    title = "Which features are represented, and which are in superposition"
    caption = (
        "Of the lowest-loss restart of each condition: WᵀW (blue negative, red positive; white "
        "lines divide groups of related features), and below it the norm of each feature, in "
        "the same order. The colour of a bar is its interference, the sum over other features j"
        " of (uᵢ·wⱼ)²: dark where a feature has a direction for itself, light where it is in "
        "superposition. After Elhage et al. 2022, Demonstrating superposition."
    )

    def draw(self, findings):
        from matplotlib import colormaps, rc_context
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import Normalize
        from matplotlib.figure import Figure

        shown = panels(findings.rows, findings.settings, findings.axis)
        lines, columns = table(shown)
        stacks = [stack(panel) for panel in shown]
        tallest = max(float(a.max()) for _, a, _ in stacks)
        shade, ramp = Normalize(0, MOST), colormaps["viridis"]
        with rc_context(STYLE):
            size = (1.5 * len(columns) + 1.2, 2.4 * len(lines) + 0.5)
            figure = Figure(figsize=size, layout="constrained")
            axes = figure.subplots(
                2 * len(lines), len(columns), squeeze=False, height_ratios=[2, 1] * len(lines)
            )
            for axis in axes.ravel():
                axis.set_axis_off()
            for panel, (G, a, other) in zip(shown, stacks, strict=True):
                line, column = lines.index(panel.line), columns.index(panel.column)
                heat, bars = axes[2 * line : 2 * line + 2, column]
                heat.set_axis_on()
                bars.set_axis_on()
                heat.imshow(G, cmap="RdBu_r", vmin=-1, vmax=1, interpolation="nearest")
                for end in ends_of_groups(panel):
                    heat.axhline(end, color="white", linewidth=0.8)
                    heat.axvline(end, color="white", linewidth=0.8)
                heat.set(xticks=[], yticks=[])
                heat.spines[:].set_visible(True)
                bars.bar(range(len(a)), a, width=0.85, color=ramp(shade(other)))
                bars.axhline(1, color=MUTED, linewidth=0.6, linestyle=":", zorder=0)
                bars.set(
                    xlim=(-0.5, len(a) - 0.5), ylim=(0, 1.08 * tallest), xticks=[0, len(a) - 1]
                )
                bars.tick_params(length=2, labelsize=7.5)
                if column:
                    bars.set_yticks([])
                else:
                    heat.set_ylabel(panel.line.replace(", ", "\n"), color=INK, fontweight="bold")
                    bars.set_ylabel("norm")
                if not line:
                    heat.set_title(panel.column, fontsize=9.5)
                if line == len(lines) - 1:
                    bars.set_xlabel("feature", fontsize=8)
            scale = figure.colorbar(ScalarMappable(shade, ramp), ax=axes, shrink=0.5, aspect=25)
            scale.set_label("interference (superposition)")
            scale.outline.set_visible(False)
        return figure
