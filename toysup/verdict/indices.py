"""How far from random directions to the best code the seeds of a condition have come."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from toysup.geometry import Optimum, random_exponential
from toysup.verdict.nulls import exponential_of_tight, mean_of_tight
from toysup.verdict.optima import Optima


@dataclass(frozen=True)
class Indices:
    """The indices of each seed, `(seeds,)`, and the optimum of positive interference of each.

    An optimum is known to lie between a bound and what the best known code has. The index is
    against the code, NaN where none was searched for; `least` and `most` are what it is for all
    that the optimum may be. What is beyond whitening is against the code, too, or the bound where
    none was searched for.
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
    # The exponential index with orthogonal columns in place of the best code where P asks for no
    # more: where there are no more features than dimensions.
    apart: np.ndarray
    searched: np.ndarray  # bool: more than a bound of the optimum is known
    exponential_searched: np.ndarray


ENDS = ("low", "found")
ORTHOGONAL = 0.0  # ln E of orthogonal columns


def share(null: np.ndarray, value: np.ndarray, best: np.ndarray) -> np.ndarray:
    """How far from the null to the best a value is: 0 at the null, 1 at the best."""
    room = null - best
    return np.divide(null - value, room, out=np.full(len(value), np.nan), where=room > 0)


def of_optima(
    null, value, best: Sequence[Optimum], scale: Callable
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The index of each value against the best code, and the least and most that it may be."""
    against = [share(null, value, scale([getattr(b, end) for b in best])) for end in ENDS]
    return (
        np.where(was_searched(best), against[1], np.nan),
        np.minimum(*against),
        np.maximum(*against),
    )


def was_searched(best: Sequence[Optimum]) -> np.ndarray:
    """Whether more than a bound of each optimum is known."""
    return np.array([b.how != "bound only" for b in best], dtype=bool)


def reached(best: Sequence[Optimum]) -> np.ndarray:
    """What the best code has of each size, the bound where none was searched for."""
    return np.array([b.low if b.how == "bound only" else b.found for b in best])


def indices_of(shapes, rows, optima: Optima, search: bool) -> Indices:
    """The indices of rows with (r, m) in `shapes`; `search` for optima that no table has."""
    packing, exponential = (
        tuple(optima.of(potential, r, m, search) for r, m in shapes)
        for potential in ("packing", "exponential")
    )
    P, E = rows.positive_interference, np.log(rows.exponential_energy)
    null = np.log([random_exponential(m) for _, m in shapes])
    whitened = np.array([whitened_by(r, m) for r, m in shapes]).reshape(-1, 2).T
    best, least = reached(packing), np.log(reached(exponential))
    roomy = np.array([r <= m for r, m in shapes], dtype=bool)
    return Indices(
        packing,
        *of_optima(np.ones(len(shapes)), P, packing, np.array),
        *of_optima(null, E, exponential, np.log),
        share(whitened[0], P, best),
        share(whitened[1], E, least),
        share(null, E, np.where(roomy, ORTHOGONAL, least)),
        was_searched(packing),
        was_searched(exponential),
    )


def whitened_by(r: int, m: int) -> tuple[float, float]:
    """P and ln E of tight frames; NaN where no frame of so few columns is tight."""
    if r <= m:
        return math.nan, math.nan
    return mean_of_tight(r, m), math.log(exponential_of_tight(r, m))
