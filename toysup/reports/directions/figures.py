"""The pictures of a judged matrix: its cosines, its nearest neighbours and its spectrum."""

from collections.abc import Callable
from typing import Any

import numpy as np

from toysup.matrices.blocks import BINS
from toysup.matrices.judge import Judged
from toysup.matrices.measured import Measured
from toysup.reports.style import COLOURS, INK, MUTED, STYLE
from toysup.verdict.nulls import cosine_below

Draw = Callable[[Judged, Any], None]
SIZE = (4.6, 3.0)  # inches, of each picture
MERGED = 4  # bins of the histogram in one that is drawn, 0.02 wide
DECADES = 9.0  # of shares that are drawn at most
LEAST_DIMENSIONS = 8  # from which the spectrum of random directions is as the formula says
LOGARITHMIC = 10  # times the median eigenvalue: a larger one is worth a logarithmic axis
FINE = 4000  # places at which that is integrated
RANDOM = {"color": INK, "linestyle": (0, (4, 2)), "linewidth": 1.1, "label": "random"}


def pictures(one: Judged) -> list[dict]:
    """A name, a caption and a matplotlib Figure of each picture."""
    return [
        {
            "name": "Cosines of pairs",
            "caption": "The share of pairs by their cosine, on a logarithmic scale. Mass beyond "
            "the dashed line is of pairs that are closer, or more opposed, than chance makes them.",
            "figure": figure(one, cosines),
        },
        {
            "name": "Nearest neighbours",
            "caption": "The share of directions by the cosine to the nearest other one.",
            "figure": figure(one, nearest),
        },
        {
            "name": "Spectrum of the frame operator",
            "caption": "Its eigenvalues, the largest first. A tight frame has the flat line; a "
            "cone has one large eigenvalue.",
            "figure": figure(one, spectrum),
        },
    ]


def figure(one: Judged, *draws: Draw):
    """A matplotlib Figure of one picture, or of some side by side."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    width, height = SIZE
    with rc_context(STYLE):
        made = Figure(figsize=(width * len(draws), height), layout="constrained")
        for axis, draw in zip(made.subplots(1, len(draws), squeeze=False)[0], draws, strict=True):
            draw(one, axis)
    return made


def series(one: Judged) -> list[tuple[str, Measured, str]]:
    """The matrix, and it without its mean, with their names and colours."""
    found = [("as it is", one.matrices[0], COLOURS[0])]
    return found + [("without mean", x, COLOURS[1]) for x in one.without_mean[:1]]


def shares_of(histogram: np.ndarray) -> np.ndarray:
    merged = histogram.reshape(-1, MERGED).sum(axis=1)
    return merged / max(1, merged.sum())


def stairs(one: Judged, axis, name: str, null: np.ndarray, what: str) -> None:
    """A histogram of cosines on a logarithmic scale, beside that of random directions."""
    edges = np.linspace(-1, 1, BINS // MERGED + 1)
    least, some = 1.0, np.zeros(len(null), bool)
    for words, found, colour in series(one):
        assert found.cosines is not None
        counts = getattr(found.cosines, name)
        shares = shares_of(counts)
        least = min(least, 1 / max(1, counts.sum()))
        if found is one.matrices[0]:
            axis.stairs(shares, edges, fill=True, color=colour, alpha=0.25)
        axis.stairs(shares, edges, color=colour, linewidth=1.1, label=words)
        some |= shares > 0
    axis.stairs(null, edges, **RANDOM)
    floor = max(0.5 * least, 10.0**-DECADES)
    places = np.flatnonzero(some | (null > floor))
    axis.set_yscale("log")
    axis.set_ylim(floor, 2)
    axis.set_xlim(edges[places.min()] - 0.02, min(1.0, edges[places.max() + 1] + 0.02))
    axis.set_xlabel("cosine")
    axis.set_ylabel(f"share of {what}")
    axis.legend(frameon=False, fontsize=8)


def cosines(one: Judged, axis) -> None:
    """The cosines of all pairs."""
    edges = np.linspace(-1, 1, BINS // MERGED + 1)
    below = np.array([cosine_below(edge, one.verdict.d_hidden) for edge in edges])
    stairs(one, axis, "histogram", np.diff(below), "pairs")


def nearest(one: Judged, axis) -> None:
    """The cosine of each direction to the nearest other one.

    Of r random directions, all r - 1 others are below a cosine with the r - 1-th power of the
    probability of one.
    """
    edges = np.linspace(-1, 1, BINS // MERGED + 1)
    m, r = one.verdict.d_hidden, one.matrices[0].represented
    below = np.array([cosine_below(edge, m) ** (r - 1) for edge in edges])
    stairs(one, axis, "nearest_histogram", np.diff(below), "directions")


def spectrum(one: Judged, axis) -> None:
    """The eigenvalues of the frame operator of unit columns."""
    first = one.matrices[0]
    r, m = first.represented, first.dimensions
    places = np.arange(1, m + 1)
    marker = "o" if m <= 2 * LEAST_DIMENSIONS else None
    for words, found, colour in series(one):
        axis.plot(places, found.spectrum, color=colour, marker=marker, markersize=4, label=words)
    axis.axhline(r / m, color=MUTED, linewidth=1.0, linestyle=":", label="tight")
    if m >= LEAST_DIMENSIONS:
        axis.plot(places, random_spectrum(r, m), **RANDOM)
    if first.spectrum.max() > LOGARITHMIC * np.median(first.spectrum):
        axis.set_yscale("log")
        axis.set_ylim(bottom=max(first.spectrum.min() / 2, r / m / 1000))
    else:
        axis.set_ylim(bottom=0)
    axis.set_xlabel("eigenvalue")
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.set_ylabel("size")
    axis.legend(frameon=False, fontsize=8)


def random_spectrum(r: int, m: int) -> np.ndarray:
    """The eigenvalues of the frame operator of many random directions, the largest first.

    Their density is proportional to sqrt((b - x) (x - a)) / x between a and b, with
    a, b = (sqrt(r / m) -+ 1)^2; for r < m the m - r others are 0.

    Source: Marchenko & Pastur 1967, "Distribution of eigenvalues for some sets of random matrices".
    """
    low, high = (np.sqrt(r / m) - 1) ** 2, (np.sqrt(r / m) + 1) ** 2
    x = low + (high - low) * (np.arange(FINE) + 0.5) / FINE
    below = np.cumsum(np.sqrt((high - x) * (x - low)) / x)
    some = min(r, m)
    wanted = 1 - (np.arange(some) + 0.5) / some
    return np.concatenate([np.interp(wanted, below / below[-1], x), np.zeros(m - some)])
