"""Phase diagrams as panels of a Figure: cells by what became of a feature, and theory's lines."""

import numpy as np

from toysup import theory
from toysup.reports.phases import DENSITY_LABEL, IMPORTANCE_LABEL, TICKS, grid, title
from toysup.reports.style import BAND, COLOURS, INK, PAPER, STYLE
from toysup.theory import PHASES, Phase

FINE = 400  # cells a side of what a boundary is drawn from
COLOUR = {Phase.IGNORED: BAND, Phase.SUPERPOSED: COLOURS[1], Phase.DEDICATED: COLOURS[0]}


def shades(norm: np.ndarray, interference: np.ndarray) -> np.ndarray:
    """Colours, (..., 3): paler the shorter, from dedicated's to superposed's by interference.

    White where the norm is not known.
    """
    rgb = {phase: np.array(of_hex(colour)) for phase, colour in COLOUR.items()}
    length, overlap = (
        np.clip(np.nan_to_num(values), 0, 1)[..., None] for values in (norm, interference)
    )
    full = (1 - overlap) * rgb[Phase.DEDICATED] + overlap * rgb[Phase.SUPERPOSED]
    mixed = (1 - length) * rgb[Phase.IGNORED] + length * full
    return np.where(np.isnan(norm)[..., None], of_hex(PAPER), mixed)


def of_hex(colour: str) -> list[float]:
    """
    >>> of_hex("#ff0000")
    [1.0, 0.0, 0.0]
    """
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def of_phases(phases: np.ndarray) -> np.ndarray:
    """The colours of phases as they are in theory, (..., 3)."""
    return np.array([of_hex(COLOUR[phase]) for phase in PHASES])[phases]


def cells(axis, densities: np.ndarray, importances: np.ndarray, colours: np.ndarray) -> None:
    """Paint cells, (rows, columns, 3), on axes whose numbers are powers of ten."""
    x, y = np.log10(densities), np.log10(importances)
    edges = [end for along in (x, y) for end in ends(along)]
    axis.imshow(colours, extent=edges, origin="lower", aspect="auto", interpolation="nearest")
    for ticks, low, high in ((axis.set_xticks, *sorted(edges[:2])), (axis.set_yticks, *edges[2:])):
        shown = {np.log10(value): words for value, words in TICKS.items()}
        shown = {place: words for place, words in shown.items() if low <= place <= high}
        ticks(list(shown), labels=list(shown.values()))
    axis.set_xlim(edges[:2])
    axis.set_ylim(edges[2:])


def ends(along: np.ndarray) -> tuple[float, float]:
    """Where cells around equally spaced points begin and end.

    >>> [float(end) for end in ends(np.array([0.0, -1.0, -2.0]))]
    [0.5, -2.5]
    """
    half = (along[-1] - along[0]) / (len(along) - 1) / 2
    return along[0] - half, along[-1] + half


def boundary(axis, n_features: int, d_hidden: int) -> None:
    """Draw the lines between the phases of theory."""
    limits = axis.get_xlim(), axis.get_ylim()
    x, y = (np.linspace(low, high, FINE) for low, high in limits)
    s = np.minimum(10**x, 1)[None]
    phases = theory.mse_phases(s, 10 ** y[:, None], n_features, d_hidden)
    for place in range(len(PHASES)):
        if (phases == place).any():
            style = {"colors": INK, "linewidths": 1.1}
            axis.contour(x, y, phases == place, levels=[0.5], **style)


def legend(figure, columns: int = 4, line: str = "boundary, closed form") -> None:
    """What the colours mean, and the line."""
    from matplotlib.artist import Artist
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Artist] = [Patch(facecolor=COLOUR[phase], label=str(phase)) for phase in PHASES]
    handles.append(Line2D([], [], color=INK, linewidth=1.1, label=line))
    figure.legend(handles=handles, loc="outside lower left", ncols=columns, frameon=False)


def figure(n_features: int, d_hidden: int):
    """A matplotlib Figure of the diagram by theory."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(STYLE):
        made = Figure(figsize=(5.2, 4.4), layout="constrained")
        axis = made.subplots()
        densities, importances, phases = grid(n_features, d_hidden, FINE, FINE)
        cells(axis, densities, importances, of_phases(phases))
        boundary(axis, n_features, d_hidden)
        axis.set_title(title(n_features, d_hidden), loc="left", fontsize=10, fontweight="bold")
        axis.set_xlabel(DENSITY_LABEL)
        axis.set_ylabel(IMPORTANCE_LABEL)
        legend(made, columns=2)
    return made
