"""The evidence for a verdict: the numbers of one condition, over its seeds."""

from dataclasses import dataclass, fields
from typing import Any

from toysup.verdict import bands
from toysup.verdict.basins import Basins
from toysup.verdict.geometry import Geometry
from toysup.verdict.p_values import PValues
from toysup.verdict.stake import Stake
from toysup.verdict.statistics import Interval


@dataclass(frozen=True)
class LowestLoss:
    """The seed with the lowest loss. Others may be in local minima."""

    seed: int
    loss: float
    n_represented: int
    squared_interference: float
    positive_interference: float
    minimisation_index: float


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What the label of one condition and set of directions depends on."""

    seeds: int
    outcomes: dict[str, int]
    moves: tuple[tuple[float, ...], ...]  # `Rows.moves` of the seeds that did not diverge
    undefined: int  # seeds with fewer than two features represented
    geometry: Geometry  # medians over usable seeds
    per_seed: tuple[tuple[Geometry, PValues], ...]  # each usable seed, not corrected
    p_values: PValues  # of most seeds together, not corrected
    least_p: float  # the smallest possible p-value for so many seeds, against random directions
    least_p_minimising: float  # of the lowest P, against both nulls


@dataclass(frozen=True, kw_only=True)
class Evidence(Basis):
    """One condition and set of directions over its seeds, with what a report tells of it.

    Numbers are medians over usable seeds: not diverged, with at least two represented features.
    """

    objective: str
    features: str | None
    views: str | None
    encoder: str | None
    condition: int
    directions: str
    settings: dict[str, Any]
    d_hidden: int
    n_features: int
    n_represented: float
    n_active: float  # hidden units with weights
    squared_interference: Interval
    positive_interference: Interval
    minimisation_index: Interval  # against the best known code; NaN if none was searched for
    index_least: float  # the least and the most, given the bounds of the optimum
    index_most: float
    exponential_index: Interval  # the same index for the exponential potential
    exponential_least: float
    exponential_most: float
    superposed: bool  # more features than dimensions, in half of the seeds or more
    beyond_whitening: float  # 0 for tight frames, 1 for the best known code
    exponential_beyond_whitening: float
    apart: float  # the exponential index that P's index requires: see `Indices`
    searched: bool  # in most seeds, a code for P* is known, not only a bound
    exponential_searched: bool
    readout_unexplained: Interval  # the mean over features
    sharing_fraction: float
    same_fraction: float  # of the features: those with the same direction as another
    close_fraction: float  # of the features: those closer to another than in a best code
    effective_rank: float
    rank_share: float  # effective rank over min(m, r)
    mean_cosine: float
    stake: Stake
    basins: Basins | None  # if the losses of the seeds form two groups
    best: LowestLoss | None
    random: bands.Bands  # null N1, for as many seeds
    tight: bands.Bands  # null N3


# Evidence copies fields of `Geometry`. It has intervals for the others.
NOT_COPIED = ("squared_interference", "positive_interference")
COPIED = tuple(f.name for f in fields(Geometry) if f.name not in NOT_COPIED)
