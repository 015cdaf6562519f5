"""Minimisation indices: how far seeds are from random directions (0) to the best code (1)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from toysup.geometry import Optimum, random_exponential
from toysup.verdict.groups import numbered
from toysup.verdict.nulls import exponential_of_tight, mean_of_tight
from toysup.verdict.optima import Optima


@dataclass(frozen=True)
class Indices:
    """The indices of each seed, `(seeds,)`, and what its positive interference is held against.

    An optimum lies between a bound and the value of the best known code. `minimisation` and
    `exponential` are against the code, NaN if none was searched for. `least` and `most` are over
    all values that the optimum may have. `beyond_whitening` is against the code, or against the
    bound if no code was searched for.
    """

    packing: np.ndarray  # P of the best known code
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


ORTHOGONAL = 0.0  # ln E of orthogonal columns


def share(null: np.ndarray, value: np.ndarray, best: np.ndarray) -> np.ndarray:
    """The position of a value between null and best: 0 at the null, 1 at the best; (seeds,)."""
    room = null - best
    return np.divide(null - value, room, out=np.full(len(value), np.nan), where=room > 0)


@dataclass(frozen=True)
class Best:
    """The optimum of each seed under one potential, `(seeds,)` each, on the scale of its index."""

    low: np.ndarray  # the bound of the optimum
    found: np.ndarray  # the value of the best known code
    searched: np.ndarray  # bool: a code is known, not only a bound

    @property
    def known(self) -> np.ndarray:
        """The value of the best known code; the bound if none was searched for."""
        return np.where(self.searched, self.found, self.low)

    def index(
        self, null: np.ndarray, value: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The index of each value against the best code, and its least and most possible value."""
        low, found = share(null, value, self.low), share(null, value, self.found)
        against_code = np.where(self.searched, found, np.nan)
        return against_code, np.minimum(low, found), np.maximum(low, found)


def best_of(optima: Sequence[Optimum], which: np.ndarray, scale: Callable) -> Best:
    """The optimum of each seed: `optima[which]`, `which` is `(seeds,)`, on a scale."""
    low, found = (
        scale(np.array([getattr(one, end) for one in optima])) for end in ("low", "found")
    )
    searched = np.array([one.how != "bound only" for one in optima], dtype=bool)
    return Best(low[which], found[which], searched[which])


def indices_of(shapes, rows, optima: Optima, search: np.ndarray) -> Indices:
    """The indices of rows with (r, m) in `shapes`.

    `search`, `(rows,)`, allows a search for the optimum of a row where it is unknown.
    """
    sizes, which = numbered((r, m, s) for (r, m), s in zip(shapes, search.tolist(), strict=True))
    # Size after size, so that both potentials of a size have their search before time is up.
    found = [(optima.of("packing", *at), optima.of("exponential", *at)) for at in sizes]
    packing = best_of([one for one, _ in found], which, np.asarray)
    exponential = best_of([other for _, other in found], which, np.log)
    P, E = rows.positive_interference, np.log(rows.exponential_energy)
    null = np.array([random_energy(m) for _, m, _ in sizes])[which]
    whitened = np.array([tight_frame_values(r, m) for r, m, _ in sizes]).reshape(-1, 2)[which].T
    roomy = np.array([r <= m for r, m, _ in sizes], dtype=bool)[which]
    minimisation, least, most = packing.index(np.ones(len(which)), P)
    of_energy, exponential_least, exponential_most = exponential.index(null, E)
    return Indices(
        packing=packing.found,
        minimisation=minimisation,
        least=least,
        most=most,
        exponential=of_energy,
        exponential_least=exponential_least,
        exponential_most=exponential_most,
        beyond_whitening=share(whitened[0], P, packing.known),
        exponential_beyond_whitening=share(whitened[1], E, exponential.known),
        apart=share(null, E, np.where(roomy, ORTHOGONAL, exponential.known)),
        searched=packing.searched,
        exponential_searched=exponential.searched,
    )


@cache
def random_energy(m: int) -> float:
    """ln E of random directions."""
    return math.log(random_exponential(m))


@cache
def tight_frame_values(r: int, m: int) -> tuple[float, float]:
    """P and ln E of tight frames; NaN for r <= m, which leaves no redundant tight frame."""
    if r <= m:
        return math.nan, math.nan
    return mean_of_tight(r, m), math.log(exponential_of_tight(r, m))
