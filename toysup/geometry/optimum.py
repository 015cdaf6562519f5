"""The least energy that directions can have, between a bound that is proven and what is found."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from toysup.geometry import kept
from toysup.geometry.closed_forms import (
    closed_exponential,
    closed_packing,
    even_packing,
    random_pairs_exponential,
)
from toysup.geometry.potentials import EXPONENTIAL, POSITIVE, Potential

TABLE = Path(__file__).with_name("optima.json")
CLOSED, STORED, SEARCHED, BOUND = "closed form", "table", "search", "bound only"


@dataclass(frozen=True)
class Optimum:
    """The least energy of any code of a size is in [low, found]."""

    low: float
    found: float  # what some code has
    how: str  # where `found` is from: "closed form", "table", "search", or "bound only"


NOTHING = Optimum(math.nan, math.nan, BOUND)  # fewer than two directions have no pairs


@cache
def table() -> dict[str, dict[tuple[int, int], tuple[float, float]]]:
    """(low, found) of each (r, m) in `optima.json`, by the name of the potential."""
    stored = json.loads(TABLE.read_text(encoding="utf-8"))["optima"]
    return {
        name: {
            (int(r), int(m)): (low, found)
            for m, row in rows.items()
            for r, (low, found) in row.items()
        }
        for name, rows in stored.items()
    }


@cache
def tabulated_sizes(name: str, m: int) -> tuple[int, ...]:
    """How many directions in `m` dimensions the table has the optimum of, by potential's name."""
    return tuple(sorted(r for r, dimensions in table()[name] if dimensions == m))


@dataclass(frozen=True)
class Problem:
    """A potential, where its optimum is known, and a value that needs no search."""

    potential: Potential
    closed: Callable[[int, int], float | None]
    without_search: Callable[[int, int], float]

    def known(self, r: int, m: int) -> float:
        """The optimum where it has a closed form or is in the table: NaN elsewhere."""
        if not (r >= 2 and m >= 1):  # NaN is neither
            return math.nan
        r, m = int(r), int(m)
        exact = self.closed(r, m)
        if exact is None:
            exact = table()[self.potential.name].get((r, m), (math.nan, math.nan))[1]
        return exact

    def low(self, r: int, m: int) -> float:
        from toysup.geometry.delsarte import lower_bound

        return lower_bound(self.potential, r, m)

    def searched(self, r: int, m: int) -> float:
        """The energy of the best code that a search finds, or has found before."""
        found = kept.recall(self.potential.name, r, m)
        if found is None:
            from toysup.geometry.search import best_code

            U = best_code(self.potential, r, m)
            found = math.inf if U is None else self.potential.energy(U)
            if U is not None:
                kept.keep(self.potential.name, r, m, found)
        return found

    def optimum(self, r: int, m: int, search: bool) -> Optimum:
        if r < 2:
            return NOTHING
        exact = self.closed(r, m)
        if exact is not None:
            return Optimum(exact, exact, CLOSED)
        stored = table()[self.potential.name].get((r, m))
        if stored:
            return Optimum(*stored, STORED)
        found, how = self.without_search(r, m), BOUND
        if search and (better := self.searched(r, m)) < found:
            found, how = better, SEARCHED
        return Optimum(min(self.low(r, m), found), found, how)


PACKING_PROBLEM = Problem(POSITIVE, closed_packing, even_packing)
EXPONENTIAL_PROBLEM = Problem(EXPONENTIAL, closed_exponential, random_pairs_exponential)


@cache
def packing_optimum(r: int, m: int, search: bool = False) -> Optimum:
    """P*, the least positive interference P of `r` directions in `m` dimensions told apart.

        P = sum_{i != j} relu(c_ij)^2 / (r (r - 1) / (2 m)),  no c_ij above told_apart_cosine(r, m)

    0 for 2 <= r <= 2 m, where no cosine needs to be positive (Rankin), the pentagon at (5, 2). For
    m = 1, where features cannot all be told apart, half of the directions are +1. Otherwise `low`
    is a bound of linear programming, and `found` the value of `optima.json`, or, with `search`,
    of the best code that a minute's search finds and keeps on disk, or that of antipodal tight
    frames: (r - 2 m) / (r - 1) for an even r. NaN for r < 2.

    >>> packing_optimum(10, 5), packing_optimum(1000, 7).found
    (Optimum(low=0.0, found=0.0, how='closed form'), 0.986...)
    """
    return PACKING_PROBLEM.optimum(r, m, search)


@cache
def exponential_optimum(r: int, m: int, search: bool = False) -> Optimum:
    """E*, the least mean of exp(c_ij / 0.1) over pairs of `r` directions in `m` dimensions.

    Closed forms for simplices, antipodal pairs and regular polygons, which minimise it. Otherwise
    as for `packing_optimum`; without a search `found` is the mean of random antipodal pairs, far
    above the optimum. NaN for r < 2.

    >>> round(exponential_optimum(4, 3).found, 6), round(exponential_optimum(4, 2).found, 6)
    (0.035674, 0.666682)

    Source: Cohn & Kumar 2007, "Universally optimal distribution of points on spheres".
    """
    return EXPONENTIAL_PROBLEM.optimum(r, m, search)


@cache
def known_packing(r: int, m: int) -> float:
    """P* as far as it needs neither a search nor a program: NaN where it is in no table."""
    return PACKING_PROBLEM.known(r, m)


@cache
def known_exponential(r: int, m: int) -> float:
    """E* as far as it needs neither a search nor a program: NaN where it is in no table."""
    return EXPONENTIAL_PROBLEM.known(r, m)


def of_each(known: Callable[[int, int], float], r: np.ndarray, m: np.ndarray) -> np.ndarray:
    """What is `known` of each (r, m), each size looked up once."""
    shapes, place = np.unique(np.stack([r, m], axis=-1).reshape(-1, 2), axis=0, return_inverse=True)
    values = np.array([known(*shape) for shape in shapes.tolist()])
    return values[place].reshape(np.shape(r))
