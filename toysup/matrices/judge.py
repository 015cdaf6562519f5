"""Matrices -> what is measured of each, and the verdict on each group of them.

A column of `W`, `(m, n)`, is a direction. Matrices of one group are the seeds of one condition.
Each group is judged by itself, as the only condition of a sweep.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from toysup.errors import ToysupError
from toysup.geometry import sharing_cosine
from toysup.matrices import blocks, bounds
from toysup.matrices.read import Matrix
from toysup.metrics.interference import on_scale_of_positives, on_scale_of_squares
from toysup.metrics.represented import REPRESENTED
from toysup.verdict import DEFAULTS, Verdict, decide
from toysup.verdict.directions import close_cosine, same_cosine
from toysup.verdict.evidence import evidence_of
from toysup.verdict.nulls import cap_probability
from toysup.verdict.optima import Optima
from toysup.verdict.rows import Rows

MOST_PAIRS = 5
QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)
ROOM = 2  # times as many directions as dimensions: the sum of fewer is zero only if they spread
MEAN_BY_CHANCE = 1e-3  # the probability of a mean that is called no chance
RARE = 0.01  # of random directions have another one as close as `Cosines.rare_cosine`
SEARCH_SECONDS = 60.0  # for optima that no table has
Pair = tuple[str, str, float]


@dataclass(frozen=True, kw_only=True)
class Cosines:
    """The cosines between the represented directions."""

    histogram: np.ndarray  # counts from -1 to 1, of pairs i < j
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
class Measured:
    """What one matrix is, before any verdict."""

    name: str
    dimensions: int
    directions: int  # columns
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
    cosines: Cosines | None  # None for fewer than two directions


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One group of matrices with its verdict, and the same with the mean direction taken out."""

    group: str
    matrices: tuple[Measured, ...]
    verdict: Verdict
    optimum: tuple[float, float]  # the least P that is not ruled out, and the best that is known
    # () where the mean is no longer than chance makes it, or directions are too few to lose it.
    without_mean: tuple[Measured, ...]
    verdict_without_mean: Verdict | None

    def _repr_html_(self) -> str:
        """What a notebook shows: the verdict and the numbers that it rests on."""
        from markupsafe import escape

        first, v = self.matrices[0], self.verdict
        numbers = {
            "directions, dimensions": f"{first.represented:,} of {first.directions:,}, "
            f"{first.dimensions:,}",
            "T (0 least, 1 random)": f"{v.squared_interference.value:.3f}",
            "P (0 least, 1 random)": f"{v.positive_interference.value:.3f}",
            "index (1 best, 0 random)": f"{v.index_least:.3f} to {v.index_most:.3f}",
            "effective rank": f"{first.effective_rank:.2f}",
            "length of the mean": f"{first.mean_length:.2f}",
        }
        if self.verdict_without_mean:
            numbers["without the mean"] = self.verdict_without_mean.label.value
        rows = "".join(f"<tr><th>{k}</th><td>{escape(x)}</td></tr>" for k, x in numbers.items())
        return f"<p><b>{v.label.value}</b>. {escape(v.reason)}</p><table>{rows}</table>"


def represented(W: np.ndarray) -> np.ndarray:
    """Which columns have more than 0.3 of the largest norm, as a mask `(n,)`."""
    norms = np.linalg.norm(W, axis=0)
    return norms > REPRESENTED * norms.max(initial=0.0)


def has_mean(found: Measured) -> bool:
    """Whether the mean of the unit columns is longer than that of random directions, and there are
    enough of these to be judged without it.

    Of r of these in m dimensions, m r |mean|^2 is about chi-squared with m degrees of freedom.
    """
    from scipy.special import chdtrc

    m, r = found.dimensions, found.represented
    return r >= ROOM * m and bool(chdtrc(m, m * r * found.mean_length**2) < MEAN_BY_CHANCE)


def centred_random(r: int, m: int) -> float:
    """P of random directions without their mean, which is under 1 though nothing is arranged.

    Their sum is zero, so their cosines have the mean -1 / (r - 1). With a normal c of variance 1/m,
    and z = sqrt(m) / (r - 1), it is 2 ((1 + z^2) Phi(-z) - z phi(z)).
    """
    from scipy.special import ndtr

    z = math.sqrt(m) / (r - 1)
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return float(2 * ((1 + z * z) * ndtr(-z) - z * density))


def without_mean(matrix: Matrix) -> Matrix:
    """The represented columns less their mean: a cone without its axis. What is not represented
    stays out, or a column of zeros would come back as the mean turned round."""
    kept = represented(matrix.W)
    W = matrix.W[:, kept]
    names = [matrix.names[i] if matrix.names else str(i) for i in np.flatnonzero(kept).tolist()]
    mean = W.mean(axis=1, keepdims=True, dtype=np.float64).astype(W.dtype)
    return replace(matrix, W=W - mean, names=tuple(names))


def measure(
    name: str,
    W: np.ndarray,
    names: Sequence[str] | None = None,
    callback: Callable[[float], None] = lambda done: None,
) -> Measured:
    """What one matrix `(m, n)` is. `names` are those of its columns, by default their numbers."""
    m, n = W.shape
    norms = np.linalg.norm(W, axis=0)
    kept = represented(W)
    there = norms > 0
    r = int(kept.sum())
    about: dict[str, Any] = {
        "name": name,
        "dimensions": m,
        "directions": n,
        "zero": int(n - there.sum()),
        "repeated": int(there.sum()) - len(np.unique(W[:, there].T, axis=0)),
        "norms": tuple(np.quantile(norms[there], QUANTILES).tolist()) if there.any() else (),
        "represented": r,
    }
    if r < 2:
        return Measured(**about, **nothing())
    U = blocks.unit(W[:, kept])
    sums = blocks.sums_of(U, callback)
    F, mean = blocks.frame_operator(U), U.mean(axis=0, dtype=np.float64)
    squares, length = float((F**2).sum()), float(np.linalg.norm(mean))
    labels = [names[i] if names else str(i) for i in np.flatnonzero(kept).tolist()]
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
        spectrum=np.maximum(np.linalg.eigvalsh(F)[::-1], 0),
        mean_cosine=(r * length**2 * r - r) / (r * (r - 1)),
        mean_length=length,
        cosines=cosines_of(U, sums, labels),
    )


def nothing() -> dict[str, Any]:
    """The numbers of a matrix with fewer than two directions."""
    numbers = (
        *("squared_interference", "positive_interference", "exponential_energy"),
        *("sharing_fraction", "same_fraction", "close_fraction", "effective_rank", "tightness"),
        *("mean_cosine", "mean_length"),
    )
    unknown: dict[str, Any] = dict.fromkeys(numbers, np.nan)
    return unknown | {"spectrum": np.zeros(0), "cosines": None}


def tightness(W: np.ndarray) -> float:
    """(tr F)^2 / (m tr F^2) of all columns with their norms: 1 for a tight frame."""
    F = blocks.frame_operator(np.ascontiguousarray(W.T))
    return float(np.trace(F) ** 2 / (len(F) * (F**2).sum()))


def cosines_of(U: np.ndarray, sums: blocks.Sums, labels: Sequence[str]) -> Cosines:
    r, m = U.shape
    rare = rare_cosine(r, m)
    pairs = [
        tuple((labels[i], labels[j], c) for i, j, c in blocks.closest_pairs(U, sums, MOST_PAIRS, s))
        for s in (1, -1)
    ]
    return Cosines(
        histogram=sums.histogram // 2,
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


def rare_cosine(r: int, m: int) -> float:
    """The cosine above which one random direction of a hundred has another of `r` in `m`
    dimensions: the probability of a cap, and r - 1 others that may be in it."""
    if m < 2:
        return 1.0
    wanted = -np.expm1(np.log1p(-RARE) / (r - 1))
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if cap_probability(middle, m) > wanted else (low, middle)
    return high


def rows_of(found: Sequence[Measured]) -> Rows:
    """What a verdict needs of matrices: they converged, and nobody knows a loss."""
    count = len(found)
    unknown = np.full(count, np.nan)

    def column(name: str) -> np.ndarray:
        return np.array([float(getattr(one, name)) for one in found])

    return Rows(
        d_hidden=column("dimensions").astype(int),
        seed=np.arange(count),
        outcome=np.full(count, "converged", dtype=object),
        loss=unknown,
        compared_loss=unknown,
        moves=np.tile([0.0, 0.0, 1.0], (count, 1)),
        chance=unknown,
        stake=unknown,
        stake_error=unknown,
        mean_readout_unexplained=unknown,
        n_represented=column("represented"),
        n_active=column("dimensions"),
        squared_interference=column("squared_interference"),
        positive_interference=column("positive_interference"),
        exponential_energy=column("exponential_energy"),
        sharing_fraction=column("sharing_fraction"),
        same_fraction=column("same_fraction"),
        close_fraction=column("close_fraction"),
        effective_rank=column("effective_rank"),
        mean_cosine=column("mean_cosine"),
    )


def verdict_of(found: Sequence[Measured], optima: Optima) -> Verdict:
    """The verdict on a group, by itself: each group is a question of its own."""
    sizes = {(one.dimensions, one.directions) for one in found}
    if len(sizes) > 1:
        raise ToysupError(
            f"{found[0].name}: matrices of one group are the seeds of one condition, and these "
            f"have other sizes: {', '.join(f'{n} x {m}' for m, n in sorted(sizes))}."
        )
    [(m, n)] = sizes
    first = {"condition": 0, "directions": "given", "d_hidden": m, "n_features": n}
    evidence = evidence_of(first, rows_of(found), [], optima, DEFAULTS)
    return decide([evidence], DEFAULTS).verdicts[0]


def judge(
    groups: Mapping[str, Sequence[Matrix]],
    callback: Callable[[float], None] = lambda done: None,
) -> list[Judged]:
    """The evidence and the verdict of each group of matrices. `callback` is told the share done."""
    matrices = sum(len(group) for group in groups.values())
    done = 0.0

    def measured(matrix: Matrix) -> Measured:
        nonlocal done
        before, share = done, 1 / (2 * matrices)
        found = measure(
            matrix.name, matrix.W, matrix.names, lambda part: callback(before + part * share)
        )
        done = before + share
        callback(done)
        return found

    whole, centred = {}, {}
    for group, members in groups.items():
        whole[group] = tuple(map(measured, members))
        leans = any(
            has_mean(one) and one.represented >= ROOM * one.dimensions for one in whole[group]
        )
        some = members if leans else ()
        centred[group] = tuple(map(measured, map(without_mean, some)))
    optima = Optima(SEARCH_SECONDS)
    return [judged(group, whole[group], centred[group], optima) for group in groups]


def judged(
    group: str, whole: tuple[Measured, ...], centred: tuple[Measured, ...], optima: Optima
) -> Judged:
    """A group of measured matrices with its verdicts."""
    v = verdict_of(whole, optima)
    best = optima.of("packing", whole[0].represented, v.d_hidden, search=v.searched)
    return Judged(
        group=group,
        matrices=whole,
        verdict=v,
        optimum=(best.low, best.found),
        without_mean=centred,
        verdict_without_mean=verdict_of(centred, optima) if centred else None,
    )
