"""Minimisation indices: how far seeds are from random directions (0) to the best code (1)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from toysup.geometry import Optimum, random_exponential
from toysup.verdict.nulls import exponential_of_tight, mean_of_tight
from toysup.verdict.optima import Optima


@dataclass(frozen=True)
class Indices:
    """The indices of each seed, `(seeds,)`, and its optimum of positive interference.

    An optimum lies between a bound and the value of the best known code. `minimisation` and
    `exponential` are against the code, NaN if none was searched for. `least` and `most` are over
    all values that the optimum may have. `beyond_whitening` is against the code, or against the
    bound if no code was searched for.
    """

    packing: tuple[Optimum, ...]
    minimisation: np.ndarray
    least: np.ndarray
    most: np.ndarray
    exponential: np.ndarray
    exponential_least: np.ndarray
    exponential_most: np.ndarray
    beyond_whitening: np.ndarray
    exponential_beyond_whitening: np.ndarray
    # The exponential index; with no more features than dimensions, against orthogonal columns
    # instead of the best code, because P is then 0 for them already.
    apart: np.ndarray
    searched: np.ndarray  # bool: a code is known, not only a bound of the optimum
    exponential_searched: np.ndarray


ENDS = ("low", "found")
ORTHOGONAL = 0.0  # ln E of orthogonal columns


def share(null: np.ndarray, value: np.ndarray, best: np.ndarray) -> np.ndarray:
    """The position of a value between null and best: 0 at the null, 1 at the best; (seeds,)."""
    room = null - best
    return np.divide(null - value, room, out=np.full(len(value), np.nan), where=room > 0)


def index_bounds(
    null, value, best: Sequence[Optimum], scale: Callable
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The index of each value against the best code, and its least and most possible value."""
    against = [share(null, value, scale([getattr(b, end) for b in best])) for end in ENDS]
    return (
        np.where(was_searched(best), against[1], np.nan),
        np.minimum(*against),
        np.maximum(*against),
    )


def was_searched(best: Sequence[Optimum]) -> np.ndarray:
    """Whether a code is known for each optimum, not only a bound."""
    return np.array([b.how != "bound only" for b in best], dtype=bool)


def best_known(best: Sequence[Optimum]) -> np.ndarray:
    """The value of the best known code for each size; the bound if none was searched for."""
    return np.array([b.low if b.how == "bound only" else b.found for b in best])


def indices_of(shapes, rows, optima: Optima, search: bool) -> Indices:
    """The indices of rows with (r, m) in `shapes`. `search` allows a search for unknown optima."""
    known = {
        (potential, (r, m)): optima.of(potential, r, m, search)
        for potential in ("packing", "exponential")
        for r, m in dict.fromkeys(shapes)
    }
    packing, exponential = (
        tuple(known[potential, shape] for shape in shapes)
        for potential in ("packing", "exponential")
    )
    P, E = rows.positive_interference, np.log(rows.exponential_energy)
    null = np.array([random_energy(m) for _, m in shapes])
    frames = {shape: tight_frame_values(*shape) for shape in set(shapes)}
    whitened = np.array([frames[shape] for shape in shapes]).reshape(-1, 2).T
    best, least = best_known(packing), np.log(best_known(exponential))
    roomy = np.array([r <= m for r, m in shapes], dtype=bool)
    return Indices(
        packing,
        *index_bounds(np.ones(len(shapes)), P, packing, np.array),
        *index_bounds(null, E, exponential, np.log),
        share(whitened[0], P, best),
        share(whitened[1], E, least),
        share(null, E, np.where(roomy, ORTHOGONAL, least)),
        was_searched(packing),
        was_searched(exponential),
    )


@cache
def random_energy(m: int) -> float:
    """ln E of random directions."""
    return math.log(random_exponential(m))


def tight_frame_values(r: int, m: int) -> tuple[float, float]:
    """P and ln E of tight frames; NaN for r <= m, which leaves no redundant tight frame."""
    if r <= m:
        return math.nan, math.nan
    return mean_of_tight(r, m), math.log(exponential_of_tight(r, m))
