"""The phase diagram of theory in a terminal: n features in m dimensions, the last one varied."""

import numpy as np
from rich.console import Console
from rich.table import Table

from toysup import theory
from toysup.reports.console import Text, console
from toysup.theory import PHASES, Phase

DENSITY, IMPORTANCE = (1.0, 0.01), (0.1, 10.0)  # the paper's axes, from left to right and upwards
TICKS = {1.0: "1", 0.1: "0.1", 0.01: "0.01", 10.0: "10"}
# Told apart without colours too, as in a file.
GLYPH = {Phase.IGNORED: "·", Phase.SUPERPOSED: "▒", Phase.DEDICATED: "█"}
INKS = {Phase.IGNORED: "dim", Phase.SUPERPOSED: "dark_orange3", Phase.DEDICATED: "blue"}
WIDTH, HEIGHT = 61, 21
MEANING = {
    Phase.IGNORED: "not represented: its bias answers with its mean",
    Phase.SUPERPOSED: "shares a dimension with another, in opposite directions",
    Phase.DEDICATED: "has a dimension to itself",
}
DENSITY_LABEL = "density: the chance p that a feature is present"
IMPORTANCE_LABEL = "relative importance of the last feature"


def grid(n_features: int, d_hidden: int, width: int, height: int):
    """Densities, importances, and the phases (height, width) between them, all from the ends on."""
    densities, importances = np.geomspace(*DENSITY, width), np.geomspace(*IMPORTANCE, height)
    phases = theory.mse_phases(densities[None], importances[:, None], n_features, d_hidden)
    return densities, importances, phases


def title(n_features: int, d_hidden: int) -> str:
    dimensions = "1 dimension" if d_hidden == 1 else f"{d_hidden} dimensions"
    return f"The last of {n_features} features in {dimensions}, by theory"


def as_json(n_features: int, d_hidden: int) -> dict:
    """The diagram as plain values; `phase` has a list for each relative importance."""
    densities, importances, phases = grid(n_features, d_hidden, WIDTH, HEIGHT)
    return {
        "n_features": n_features,
        "d_hidden": d_hidden,
        "losses": {way.name: way.formula for way in theory.ways(n_features, d_hidden)},
        "density": densities.round(6).tolist(),
        "relative_importance": importances.round(6).tolist(),
        "phase": [[str(PHASES[place]) for place in row] for row in phases],
    }


def show(n_features: int, d_hidden: int, out: Console | None = None) -> None:
    """Print the diagram, what its shades mean, and the losses of which the least one wins."""
    out = out or console()
    _, importances, phases = grid(n_features, d_hidden, WIDTH, HEIGHT)
    out.print(Text(title(n_features, d_hidden), style="bold"))
    out.print(Text(IMPORTANCE_LABEL, style="dim"))
    for importance, row in zip(importances[::-1], phases[::-1], strict=True):
        label = TICKS.get(round(float(importance), 3), "")
        line = Text(f"{label:>5} {'┤' if label else '│'}")
        for place in row:
            line.append(GLYPH[PHASES[place]], style=INKS[PHASES[place]])
        out.print(line)
    middle = WIDTH // 2
    out.print(Text(" " * 6 + "└┬" + "─" * (middle - 1) + "┬" + "─" * (middle - 1) + "┬"))
    out.print(Text(" " * 7 + "1" + "0.1".center(WIDTH - 4) + "0.01"))
    out.print(Text(" " * 7 + DENSITY_LABEL, style="dim"))
    out.print()
    for phase in PHASES:
        line = Text(GLYPH[phase] * 2, style=INKS[phase]).append(f" {phase:<11}", style="default")
        out.print(line.append(MEANING[phase], style="dim"))
    out.print()
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("the way with the least loss wins")
    table.add_column("loss, at density s and relative importance r")
    for way in theory.ways(n_features, d_hidden):
        table.add_row(way.name, way.formula)
    out.print(table)
    out.print(Text("Source: Elhage et al. 2022, Superposition as a phase change.", style="dim"))
