"""The evidence for a verdict: the numbers of one condition, over its seeds."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.spec.cases import CASE_KEYS
from toysup.verdict import bands
from toysup.verdict.basins import Basins, basins
from toysup.verdict.geometry import Geometry, median, medians
from toysup.verdict.indices import Indices, indices_of
from toysup.verdict.medians import median_interval
from toysup.verdict.optima import Optima
from toysup.verdict.p_values import (
    PValues,
    could_be_shown,
    least_p,
    least_p_minimising,
    p_values_of,
    p_values_of_each,
)
from toysup.verdict.restarts import lowest_place
from toysup.verdict.rows import TESTED, Rows, measure_rows, refuse_duplicates, shapes_of
from toysup.verdict.stake import Stake, stake_of
from toysup.verdict.statistics import Interval
from toysup.verdict.thresholds import Thresholds


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
class Evidence:
    """One condition and set of directions over its seeds.

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
    seeds: int
    outcomes: dict[str, int]
    moves: tuple[tuple[float, ...], ...]  # `Rows.moves` of the seeds that did not diverge
    undefined: int  # seeds with fewer than two features represented
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
    p_values: PValues  # of most seeds together, not corrected
    least_p: float  # the smallest possible p-value for so many seeds, against random directions
    least_p_minimising: float  # of the lowest P, against both nulls
    per_seed: tuple[tuple[Geometry, PValues], ...]  # each usable seed, not corrected

    @property
    def geometry(self) -> Geometry:
        """The numbers that the rule uses."""
        return Geometry(
            n_features=self.n_features,
            d_hidden=self.d_hidden,
            squared_interference=self.squared_interference.value,
            positive_interference=self.positive_interference.value,
            **{name: getattr(self, name) for name in COPIED},
        )


# Evidence copies fields of `Geometry`. It has an interval for others, or they are settings.
NOT_COPIED = ("n_features", "d_hidden", "squared_interference", "positive_interference")
COPIED = tuple(f.name for f in fields(Geometry) if f.name not in NOT_COPIED)


def known_values(row: Mapping[Any, Any], names: list[str]) -> dict[str, Any]:
    """The values of a row under `names` as plain Python, without missing ones."""
    values = {name: row[name] for name in names if name in row and pd.notna(row[name])}
    return {name: v.item() if isinstance(v, np.generic) else v for name, v in values.items()}


def evidence_of(
    first: Mapping[Any, Any], seeds: Rows, settings: list[str], optima: Optima, t: Thresholds
) -> Evidence:
    """The evidence of a group of seeds: `first` is its first row of the results."""
    usable = seeds.group(seeds.usable)
    shapes = shapes_of(usable)
    p_values = p_values_of(shapes, *(getattr(usable, name) for name in TESTED))
    share = median(usable.sharing_fraction)
    shared = share > t.sharing_share and p_values.sharing_above_random < t.alpha
    # If directions are shared, or no better than the nulls, no optimum needs to be searched for.
    least = least_p_minimising(shapes)
    low = p_values.P_below_random < t.alpha and not p_values.P_below_tight >= t.alpha
    close = low or could_be_shown(p_values, least, t.alpha)
    index = indices_of(shapes, usable, optima, search=close and not shared)
    packing = np.array([best.found for best in index.packing])
    each = tuple(geometry_of_seeds(int(first["n_features"]), usable, shapes, index))
    middle = medians(int(first["n_features"]), int(first["d_hidden"]), [g for g, _ in each])
    names: dict[str, Any] = {
        **dict.fromkeys(CASE_KEYS),
        **known_values(first, [*CASE_KEYS, *KEY]),
    }
    return Evidence(
        **names,
        settings=known_values(first, settings),
        d_hidden=int(first["d_hidden"]),
        n_features=int(first["n_features"]),
        seeds=len(seeds.seed),
        outcomes=dict(sorted(Counter(seeds.outcome).items())),
        moves=tuple(map(tuple, seeds.moves[seeds.not_diverged].tolist())),
        undefined=int((seeds.not_diverged & (seeds.n_represented < 2)).sum()),
        n_active=median(usable.n_active),
        squared_interference=median_interval(usable.squared_interference),
        positive_interference=median_interval(usable.positive_interference),
        minimisation_index=median_interval(index.minimisation),
        exponential_index=median_interval(index.exponential),
        readout_unexplained=median_interval(usable.mean_readout_unexplained),
        stake=stake_of(usable.loss, usable.chance, usable.stake, usable.stake_error),
        basins=basins(seeds.loss[seeds.not_diverged]),
        best=lowest_loss_seed(seeds, usable, index),
        random=bands.random_bands(shapes, packing),
        tight=bands.tight_bands(shapes, packing),
        p_values=p_values,
        least_p=least_p(shapes, usable.positive_interference),
        least_p_minimising=least,
        per_seed=each,
        **{name: getattr(middle, name) for name in COPIED},
    )


def lowest_loss_seed(seeds: Rows, usable: Rows, index: Indices) -> LowestLoss | None:
    """The seed with the lowest loss, usable or not; None if no loss is finite."""
    if not np.isfinite(seeds.compared_loss).any():
        return None
    i = int(lowest_place(seeds.compared_loss))
    place = np.flatnonzero(usable.seed == seeds.seed[i])
    return LowestLoss(
        int(seeds.seed[i]),
        float(seeds.loss[i]),
        int(seeds.n_represented[i]),
        float(seeds.squared_interference[i]),
        float(seeds.positive_interference[i]),
        float(index.minimisation[place[0]]) if len(place) else np.nan,
    )


def geometry_of_seeds(
    n_features: int, usable: Rows, shapes, index: Indices
) -> Iterator[tuple[Geometry, PValues]]:
    """The geometry of every usable seed, and its own p-values."""
    columns = [getattr(usable, name) for name in TESTED]
    each = zip(shapes, np.stack(columns, axis=1).tolist(), strict=True)
    alone = p_values_of_each(shapes, *columns)
    for i, (shape, tested) in enumerate(each):
        yield geometry_of_seed(n_features, i, shape, tested, usable, index), alone[i]


def geometry_of_seed(
    n_features: int, i: int, shape: tuple[int, int], tested, usable: Rows, index: Indices
) -> Geometry:
    """The geometry of seed `i`: `shape` is its (r, m), and `tested` its values of TESTED."""
    return Geometry(
        n_features=n_features,
        d_hidden=shape[1],
        n_represented=float(usable.n_represented[i]),
        squared_interference=tested[0],
        positive_interference=tested[1],
        index_least=float(index.least[i]),
        index_most=float(index.most[i]),
        exponential_least=float(index.exponential_least[i]),
        exponential_most=float(index.exponential_most[i]),
        superposed=shape[0] > shape[1],
        beyond_whitening=float(index.beyond_whitening[i]),
        exponential_beyond_whitening=float(index.exponential_beyond_whitening[i]),
        apart=float(index.apart[i]),
        searched=bool(index.searched[i]),
        exponential_searched=bool(index.exponential_searched[i]),
        sharing_fraction=tested[2],
        same_fraction=tested[3],
        close_fraction=float(usable.close_fraction[i]),
        effective_rank=float(usable.effective_rank[i]),
        rank_share=float(usable.rank_share[i]),
        mean_cosine=float(usable.mean_cosine[i]),
    )


def gather(
    rows: pd.DataFrame,
    settings: list[str],
    t: Thresholds,
    like: Sequence[Evidence] = (),
    like_threshold: float = np.nan,
) -> list[Evidence]:
    """The evidence of every condition and set of directions.

    The metrics are computed from `W`, so that the threshold of a represented feature can change
    without new results. `like` is the evidence under another threshold of it, and else the same
    ones: a condition in which it represents the same features keeps its evidence.
    """
    if not len(rows):
        return []
    refuse_duplicates(rows)
    rows = rows.sort_values([*KEY, "seed"], ignore_index=True)
    known = measure_rows(rows, t.represented)
    starts = np.flatnonzero(~rows.duplicated(KEY).to_numpy())
    columns = [name for name in rows.columns if name not in ("W", "half")]
    firsts = rows.loc[starts, columns].to_dict("records")
    parts = [slice(*ends) for ends in pairwise([*starts, len(rows)])]
    kept: list[Evidence | None] = [None] * len(parts)
    if like:
        same = known.same(measure_rows(rows, like_threshold))
        kept = [old if same[part].all() else None for old, part in zip(like, parts, strict=True)]
    optima = Optima()
    return [
        old or evidence_of(first, known.group(part), settings, optima, t)
        for first, part, old in zip(firsts, parts, kept, strict=True)
    ]
