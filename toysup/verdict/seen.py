"""What the rule of the verdict looks at."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Geometry:
    """What the rule looks at: of one seed, or the medians over the usable seeds of a condition."""

    n_features: int
    d_hidden: int
    n_represented: float
    squared_interference: float
    positive_interference: float
    index_least: float  # the index, for all that P* may be
    index_most: float
    exponential_least: float  # the same of the exponential potential
    exponential_most: float
    superposed: bool  # more features than dimensions, in most seeds
    # From tight frames, 0, to the best code known, 1; NaN if not superposed.
    beyond_whitening: float
    exponential_beyond_whitening: float
    apart: float  # the exponential index that P's needs, see `Indices`
    searched: bool  # more than a bound of P* is known
    exponential_searched: bool
    sharing_fraction: float
    same_fraction: float  # of the features, that are one and the same as another
    close_fraction: float  # of the features, with another one closer than in a best code
    effective_rank: float
    rank_share: float  # effective rank over min(m, r)
    mean_cosine: float


def median(values: Sequence[float] | np.ndarray) -> float:
    """The median, NaN of nothing."""
    return float(np.median(values)) if len(values) else np.nan


def medians(n_features: int, d_hidden: int, seeds: Sequence[Geometry]) -> Geometry:
    """What the seeds of a condition show: of numbers the median, of a yes or no what most say.

    How far it is from whitening is known of the seeds in superposition alone.
    """
    found: dict[str, Any] = {"n_features": n_features, "d_hidden": d_hidden}
    for field in fields(Geometry):
        values = np.array([getattr(seed, field.name) for seed in seeds])
        if field.name in found:
            continue
        if field.type is bool:
            found[field.name] = bool(values.sum() > len(values) / 2)
        else:
            whole = "beyond_whitening" not in field.name
            found[field.name] = median(values if whole else values[~np.isnan(values)])
    return Geometry(**found)


def number(value: float) -> str:
    """Three decimals, without a minus sign on zero."""
    return f"{round(value, 3) + 0:.3f}" if value == value else "undefined"
