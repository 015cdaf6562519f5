"""What one matrix of directions is, before any verdict: sizes, norms, interference, cosines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toysup.geometry import sharing_cosine
from toysup.matrices import blocks, bounds
from toysup.matrices.matrix import Matrix
from toysup.matrices.neighbours import Neighbours, neighbours, rare_cosine
from toysup.matrices.repeats import repeats
from toysup.matrices.sample import Between, Estimate, Sampled, estimates
from toysup.metrics.interference import on_scale_of_positives, on_scale_of_squares
from toysup.metrics.represented import REPRESENTED
from toysup.verdict.directions import close_cosine, same_cosine

MOST_PAIRS = 5
QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)
Pair = tuple[str, str, float]


@dataclass(frozen=True, kw_only=True)
class Cosines:
    """The cosines between the represented directions."""

    histogram: np.ndarray  # counts from -1 to 1, of pairs i < j
    nearest_histogram: np.ndarray  # counts of directions by the cosine to their nearest other one
    largest: float
    coherence: float  # the largest |c|
    welch: float
    orthoplex: float
    levenshtein: float
    rare_cosine: float  # one random direction of a hundred has another one closer
    rare_share: float  # of the directions have another one closer than that
    sharing_cosine: float
    closest: tuple[Pair, ...]
    opposed: tuple[Pair, ...]


@dataclass(frozen=True, kw_only=True)
class Whole:
    """What a sample says of all directions."""

    represented: int  # about so many
    numbers: Mapping[str, Estimate]  # by their names in `Measured`
    close: Neighbours  # closer than one random direction of a hundred has another one
    sharing: Neighbours  # with which a direction is shared
    coherence: float  # at least: a pair that is not in the sample may be closer
    index: Between | None = None  # known with the optimum, for the verdict


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one matrix is, before any verdict."""

    name: str
    dimensions: int
    directions: int  # columns
    drawn_from: int  # columns of the matrix that these were drawn from; 0 if they are all
    zero: int  # columns of zeros, set aside
    repeated: int  # columns that are another column again, bit for bit
    norms: tuple[float, ...]  # the quantiles of QUANTILES, of the columns that are not zero
    represented: int  # those above 0.3 of the largest norm: all below is about them
    squared_interference: float
    positive_interference: float
    exponential_energy: float
    sharing_fraction: float
    same_fraction: float
    close_fraction: float
    effective_rank: float
    tightness: float
    spectrum: np.ndarray  # of the frame operator of unit columns, the largest first; its sum is r
    mean_cosine: float
    mean_length: float  # of the mean of the unit columns: 1 if all are one direction
    lean: float  # the length of the mean of the columns over their root mean square norm
    cosines: Cosines | None  # None for fewer than two directions
    whole: Whole | None  # of a sample: what it says of all directions


def represented(W: np.ndarray) -> np.ndarray:
    """Which columns have more than 0.3 of the largest norm, as a mask `(n,)`."""
    norms = np.linalg.norm(W, axis=0)
    return norms > REPRESENTED * norms.max(initial=0.0)


def measure(matrix: Matrix, callback: Callable[[float], None] = lambda done: None) -> Measured:
    """What one matrix is. Columns without names have their numbers."""
    W, names = matrix.W, matrix.names
    m, n = W.shape
    norms = np.linalg.norm(W, axis=0)
    kept = represented(W)
    there = norms > 0
    r = int(kept.sum())
    about: dict[str, Any] = {
        "name": matrix.name,
        "drawn_from": matrix.drawn_from,
        "dimensions": m,
        "directions": n,
        "zero": int(n - there.sum()),
        "repeated": int(repeats(W).sum()),
        "norms": tuple(np.quantile(norms[there], QUANTILES).tolist()) if there.any() else (),
        "represented": r,
    }
    if r < 2:
        return Measured(**about, **nothing())
    U = blocks.unit(W[:, kept])
    sums = blocks.sums_of(U, callback)
    F, mean = blocks.smaller_operator(U), U.mean(axis=0, dtype=np.float64)
    squares, length = float((F**2).sum()), float(np.linalg.norm(mean))
    spectrum = np.zeros(m)
    spectrum[: len(F)] = np.maximum(np.linalg.eigvalsh(F)[::-1], 0)
    cosines = cosines_of(U, sums, labelled(names, kept))
    return Measured(
        **about,
        squared_interference=float(on_scale_of_squares(np.array(squares - r), r, m)),
        positive_interference=float(on_scale_of_positives(np.array(sums.positive), r, m)),
        exponential_energy=sums.exponential / (r * (r - 1)),
        sharing_fraction=blocks.share_above(sums.nearest, sharing_cosine(r, m)),
        same_fraction=blocks.share_above(sums.nearest, same_cosine(r, m)),
        close_fraction=blocks.share_above(sums.nearest, close_cosine(r, m)),
        effective_rank=r**2 / squares,
        tightness=tightness(W),
        spectrum=spectrum,
        mean_cosine=(r * length**2 * r - r) / (r * (r - 1)),
        mean_length=length,
        lean=lean(W[:, kept]),
        cosines=cosines,
        whole=whole(U, W, sums, cosines, matrix.drawn_from) if matrix.drawn_from else None,
    )


def labelled(names: Sequence[str] | None, kept: np.ndarray) -> list[str]:
    """The names of the columns that are kept, or their numbers."""
    return [names[i] if names else str(i) for i in np.flatnonzero(kept).tolist()]


def whole(U: np.ndarray, W: np.ndarray, sums: blocks.Sums, cosines: Cosines, n: int) -> Whole:
    """What unit rows `U`, the represented ones of the columns `W`, say of all `n` columns."""
    (r, m), columns = U.shape, W.shape[1]
    sampled = Sampled(r, round(r * n / columns))
    N = sampled.all
    close, sharing = neighbours(U, (rare_cosine(N, m), sharing_cosine(N, m)), sampled)
    return Whole(
        represented=N,
        numbers=estimates(U, W, sums, n, sampled),
        close=close,
        sharing=sharing,
        coherence=max(cosines.coherence, bounds.coherence(N, m)),
    )


def nothing() -> dict[str, Any]:
    """The numbers of a matrix with fewer than two directions."""
    numbers = (
        *("squared_interference", "positive_interference", "exponential_energy"),
        *("sharing_fraction", "same_fraction", "close_fraction", "effective_rank", "tightness"),
        *("mean_cosine", "mean_length", "lean"),
    )
    unknown: dict[str, Any] = dict.fromkeys(numbers, np.nan)
    return unknown | {"spectrum": np.zeros(0), "cosines": None, "whole": None}


def lean(W: np.ndarray) -> float:
    """|mean_i w_i| / sqrt(mean_i |w_i|^2): 1 if all columns are equal, 0 if their mean is zero."""
    mean = W.mean(axis=1, dtype=np.float64)
    return float(np.linalg.norm(mean) / np.sqrt((W**2).sum(axis=0, dtype=np.float64).mean()))


def tightness(W: np.ndarray) -> float:
    """(tr F)^2 / (m tr F^2) of all columns with their norms: 1 for a tight frame."""
    F = blocks.smaller_operator(np.ascontiguousarray(W.T))
    return float(np.trace(F) ** 2 / (len(W) * (F**2).sum()))


def cosines_of(U: np.ndarray, sums: blocks.Sums, labels: Sequence[str]) -> Cosines:
    r, m = U.shape
    rare = rare_cosine(r, m)
    pairs = [
        tuple((labels[i], labels[j], c) for i, j, c in blocks.closest_pairs(U, sums, MOST_PAIRS, s))
        for s in (1, -1)
    ]
    return Cosines(
        histogram=sums.histogram // 2,
        nearest_histogram=np.histogram(sums.nearest.clip(-1, 1), blocks.BINS, (-1, 1))[0],
        largest=float(sums.nearest.max()),
        coherence=float(max(sums.nearest.max(), -sums.opposed.min())),
        welch=bounds.welch(r, m),
        orthoplex=bounds.orthoplex(r, m),
        levenshtein=bounds.levenshtein(r, m),
        rare_cosine=rare,
        rare_share=blocks.share_above(sums.nearest, rare),
        sharing_cosine=sharing_cosine(r, m),
        closest=pairs[0],
        opposed=pairs[1],
    )
