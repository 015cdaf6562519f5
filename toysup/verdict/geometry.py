"""The numbers that the rule of the verdict uses."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from toysup.verdict.medians import median


@dataclass(frozen=True)
class Geometry:
    """The numbers that the rule uses: of one seed, or medians over a condition's usable seeds."""

    n_features: int
    d_hidden: int
    n_represented: float
    squared_interference: float
    positive_interference: float
    index_least: float  # the least and the most of the index, given the bounds of P*
    index_most: float
    exponential_least: float  # the same for the exponential potential
    exponential_most: float
    superposed: bool  # more features than dimensions, in half of the seeds or more
    # 0 for tight frames, 1 for the best known code; NaN if not superposed.
    beyond_whitening: float
    exponential_beyond_whitening: float
    apart: float  # the exponential index that P's index requires: see `Indices`
    searched: bool  # a code for P* is known, not only a bound
    exponential_searched: bool
    sharing_fraction: float
    same_fraction: float  # of the features: those with the same direction as another
    close_fraction: float  # of the features: those closer to another than in a best code
    effective_rank: float
    rank_share: float  # effective rank over min(m, r)
    mean_cosine: float


def medians(n_features: int, d_hidden: int, seeds: Sequence[Geometry]) -> Geometry:
    """The medians of numbers and the majorities of booleans over the seeds of a condition.

    `beyond_whitening` is the median over the seeds in superposition, which alone have it.
    """
    table = np.array([tuple(vars(seed).values()) for seed in seeds], dtype=float)
    table = table.reshape(len(seeds), len(fields(Geometry)))
    middle = np.median(table, axis=0) if len(seeds) else np.full(table.shape[1], np.nan)
    shares = table.mean(axis=0) if len(seeds) else np.zeros(table.shape[1])
    found: dict[str, Any] = {}
    for place, field in enumerate(fields(Geometry)):
        if field.name == "superposed":  # a tie must not switch the test against tight frames off
            found[field.name] = bool(shares[place] >= 0.5 and len(seeds))
        elif field.type is bool:
            found[field.name] = bool(shares[place] > 0.5)
        elif "beyond_whitening" in field.name:
            known = table[:, place]
            found[field.name] = median(known[~np.isnan(known)])
        else:
            found[field.name] = float(middle[place])
    found |= {"n_features": n_features, "d_hidden": d_hidden}
    return Geometry(**found)


def number(value: float) -> str:
    """A number with three decimals, without a minus sign on zero."""
    return f"{round(value, 3) + 0:.3f}" if value == value else "undefined"
