"""The numbers that the rule of the verdict uses."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from toysup.verdict.groups import chosen_of
from toysup.verdict.medians import medians_of


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


NAMES = tuple(field.name for field in fields(Geometry))


def of_rows(columns: Mapping[str, np.ndarray]) -> list[Geometry]:
    """The geometry of each seed: `columns` has every field, `(rows,)`."""
    ordered = (columns[name].tolist() for name in NAMES)
    return [Geometry(*of_one) for of_one in zip(*ordered, strict=True)]


def of_groups(columns: Mapping[str, np.ndarray], sizes: np.ndarray) -> dict[str, np.ndarray]:
    """The medians of numbers and the majorities of booleans over the seeds of each condition:
    `sizes` says how many neighbouring rows are a condition. NaN and False of none.

    `beyond_whitening` is the median over the seeds in superposition, which alone have it.
    """
    found = {}
    for field in fields(Geometry):
        values = columns[field.name]
        if field.type is bool:
            share = chosen_of(values, sizes) / np.maximum(1, sizes)
            # A tie must not switch the test against tight frames off.
            tie = field.name == "superposed"
            found[field.name] = (share >= 0.5) & (sizes > 0) if tie else share > 0.5
        elif "beyond_whitening" in field.name:
            known = ~np.isnan(values)
            found[field.name] = medians_of(values[known], chosen_of(known, sizes))
        else:
            found[field.name] = medians_of(values, sizes)
    return found


def number(value: float) -> str:
    """A number with three decimals, without a minus sign on zero."""
    return f"{round(value, 3) + 0:.3f}" if value == value else "undefined"
