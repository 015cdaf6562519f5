"""The numbers that the rule of the verdict uses."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np


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


def median(values: Sequence[float] | np.ndarray) -> float:
    """The median; NaN if there are no values."""
    return float(np.median(values)) if len(values) else np.nan


def medians(n_features: int, d_hidden: int, seeds: Sequence[Geometry]) -> Geometry:
    """The medians of numbers and the majorities of booleans over the seeds of a condition.

    `beyond_whitening` is the median over the seeds in superposition, which alone have it.
    """
    found: dict[str, Any] = {"n_features": n_features, "d_hidden": d_hidden}
    for field in fields(Geometry):
        values = np.array([getattr(seed, field.name) for seed in seeds])
        if field.name in found:
            continue
        if field.name == "superposed":  # a tie must not switch the test against tight frames off
            found[field.name] = bool(len(values) and values.mean() >= 0.5)
        elif field.type is bool:
            found[field.name] = bool(values.sum() > len(values) / 2)
        else:
            whole = "beyond_whitening" not in field.name
            found[field.name] = median(values if whole else values[~np.isnan(values)])
    return Geometry(**found)


def number(value: float) -> str:
    """A number with three decimals, without a minus sign on zero."""
    return f"{round(value, 3) + 0:.3f}" if value == value else "undefined"
