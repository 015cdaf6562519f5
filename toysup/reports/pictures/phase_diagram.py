"""The phase diagram of a run beside that of theory, and what a mean over restarts makes of it."""

import numpy as np

from toysup.claims.phases import Diagram, diagram
from toysup.reports import phase_panels as panel
from toysup.reports.phases import DENSITY_LABEL, IMPORTANCE_LABEL
from toysup.reports.pictures._picture import Picture
from toysup.reports.style import STYLE


def agreement(found: Diagram, places: np.ndarray) -> float:
    """The share of cells further than one from theory's boundary that are in theory's phase."""
    inside = ~found.boundary
    return float((places == found.theory)[inside].mean()) if inside.any() else float("nan")


def panels(found: Diagram) -> list[tuple[str, str, np.ndarray]]:
    """Each panel: its name, what there is to say of it, and the colours of its cells."""
    mean, restarts = found.mean(found.norm, found.interference), found.phases.shape[-1]
    lowest = [found.of_lowest(values) for values in (found.norm, found.interference)]
    best, of_mean = agreement(found, found.phase), agreement(found, found.phase_of_mean)
    agree = found.agreement.mean()
    return [
        (
            f"Lowest loss of {restarts} restarts",
            f"in theory's phase: {best:.1%} of cells off its lines",
            panel.shades(*lowest),
        ),
        ("Theory", "the least of the closed forms", panel.of_phases(found.theory)),
        (
            f"Mean of {max(1, restarts - 1)}, the worst left out",
            f"in theory's phase: {of_mean:.1%} of cells, {agree:.0%} of restarts",
            panel.shades(*mean),
        ),
    ]


class PhaseDiagram(Picture):
    """The phase diagram of a run beside that of theory."""

    title = "Ignored, superposed, dedicated: the last feature"
    caption = (
        "What becomes of the last feature at each density and relative importance. Paler is a "
        "shorter direction (ignored); blue has a dimension to itself, orange shares one with "
        "another feature. The lines are where the closed forms say that one phase gives way to "
        "the next; lengths and biases, which they hold fixed, give superposition about a cell "
        "more. The lowest-loss restart is that of the lowest exact loss. Averaged as "
        "the paper does, over all restarts but the worst, local minima blur what the best solution "
        "is. After Elhage et al. 2022, "
        "Superposition as a phase change."
    )

    def draw(self, findings):
        """A matplotlib Figure of the three diagrams, side by side."""
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        found = diagram(findings.rows)
        with rc_context(STYLE):
            figure = Figure(figsize=(11, 4.3), layout="constrained")
            axes = figure.subplots(1, 3, sharey=True)
            for axis, (name, words, colours) in zip(axes, panels(found), strict=True):
                panel.cells(axis, found.densities, found.importances, colours)
                panel.boundary(axis, found.n_features, found.d_hidden)
                axis.set_title(name, loc="left", fontsize=10, fontweight="bold", pad=18)
                axis.text(0, 1.02, words, transform=axis.transAxes, fontsize=8.5)
                axis.set_xlabel(DENSITY_LABEL)
            axes[0].set_ylabel(IMPORTANCE_LABEL)
            panel.legend(figure)
        return figure
