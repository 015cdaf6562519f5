"""How far from random directions to the best code the seeds of a condition have come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from toysup.geometry import Optimum, random_exponential
from toysup.verdict.optima import Optima


@dataclass(frozen=True)
class Indices:
    """The indices of each seed, `(seeds,)`, and the optimum of positive interference of each.

    An optimum is known to lie between a bound and what the best known code has. The index is
    against the code, NaN where none was searched for; `least` and `most` are what it is for all
    that the optimum may be.
    """

    packing: tuple[Optimum, ...]
    minimisation: np.ndarray
    least: np.ndarray
    most: np.ndarray
    exponential: np.ndarray
    exponential_least: np.ndarray
    exponential_most: np.ndarray


ENDS = ("low", "found")


def share(null: np.ndarray, value: np.ndarray, best: np.ndarray) -> np.ndarray:
    """How far from the null to the best a value is: 0 at the null, 1 at the best."""
    room = null - best
    return np.divide(null - value, room, out=np.full(len(value), np.nan), where=room > 0)


def of_optima(null, value, best: Sequence[Optimum], scale: Callable) -> tuple[np.ndarray, ...]:
    """The index of each value against the best code, and the least and most that it may be."""
    against = [share(null, value, scale([getattr(b, end) for b in best])) for end in ENDS]
    searched = [b.how != "bound only" for b in best]
    return np.where(searched, against[1], np.nan), np.minimum(*against), np.maximum(*against)


def indices_of(shapes, rows, optima: Optima, search: bool) -> Indices:
    """The indices of rows with (r, m) in `shapes`; `search` for optima that no table has."""
    packing, exponential = (
        tuple(optima.of(potential, r, m, search) for r, m in shapes)
        for potential in ("packing", "exponential")
    )
    null = np.log([random_exponential(m) for _, m in shapes])
    return Indices(
        packing,
        *of_optima(np.ones(len(shapes)), rows.positive_interference, packing, np.array),
        *of_optima(null, np.log(rows.exponential_energy), exponential, np.log),
    )
