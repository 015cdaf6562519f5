"""How far from random directions to the best code the seeds of a condition have come."""

from dataclasses import dataclass

import numpy as np

from toysup.geometry import Optimum, random_exponential
from toysup.verdict.optima import Optima


@dataclass(frozen=True)
class Indices:
    """The indices of each seed, `(seeds,)`, and the optimum of positive interference of each.

    The optimum P* is known to lie between a bound and what the best known code has; (1 - P) /
    (1 - P*) is `least` for the one and `most` for the other.
    """

    packing: tuple[Optimum, ...]
    least: np.ndarray
    most: np.ndarray
    exponential: np.ndarray  # NaN where no code was searched for

    @property
    def minimisation(self) -> np.ndarray:
        """The index against the best code known; NaN where none was searched for."""
        searched = [best.how != "bound only" for best in self.packing]
        return np.where(searched, self.most, np.nan)


def share(null: np.ndarray, value: np.ndarray, best: np.ndarray) -> np.ndarray:
    """How far from the null to the best a value is: 0 at the null, 1 at the best."""
    room = null - best
    return np.divide(null - value, room, out=np.full(len(value), np.nan), where=room > 0)


def indices_of(shapes, rows, optima: Optima, search: bool) -> Indices:
    """The indices of rows with (r, m) in `shapes`; `search` for optima that no table has."""
    best = tuple(optima.of("packing", r, m, search) for r, m in shapes)
    P, one = rows.positive_interference, np.ones(len(shapes))
    exponential = [optima.of("exponential", r, m, search) for r, m in shapes]
    null = np.log([random_exponential(m) for _, m in shapes])
    known = np.array([o.found if o.how != "bound only" else np.nan for o in exponential], float)
    return Indices(
        best,
        share(one, P, np.array([o.low for o in best])),
        share(one, P, np.array([o.found for o in best])),
        share(null, np.log(rows.exponential_energy), np.log(known)),
    )
