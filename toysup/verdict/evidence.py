"""What the seeds of one condition show together: the numbers that a verdict is made from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.spec.cases import CASE_KEYS
from toysup.verdict import bands
from toysup.verdict.basins import Basins, basins
from toysup.verdict.chances import PValues, least_p, p_values_of
from toysup.verdict.indices import Indices, indices_of
from toysup.verdict.medians import median_interval
from toysup.verdict.optima import Optima
from toysup.verdict.restarts import lowest_place
from toysup.verdict.rows import TESTED, Rows, known_of, refuse_repeated, shapes_of
from toysup.verdict.seen import Geometry, median, medians
from toysup.verdict.stake import Stake, stake_of
from toysup.verdict.statistics import Interval
from toysup.verdict.thresholds import Thresholds


@dataclass(frozen=True)
class Best:
    """The seed with the lowest loss: symmetry breaking leaves the others in local minima."""

    seed: int
    loss: float
    n_represented: int
    squared_interference: float
    positive_interference: float
    minimisation_index: float


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One condition and set of directions over its seeds.

    Numbers are medians over the usable seeds: not diverged, with two features represented or more.
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
    moves: tuple[tuple[float, ...], ...]  # of the seeds that did not diverge: `Rows.moves`
    undefined: int  # seeds with fewer than two features represented
    n_represented: float
    n_active: float  # hidden units with weights
    squared_interference: Interval
    positive_interference: Interval
    minimisation_index: Interval  # against the best code known; NaN where none was searched for
    index_least: float  # for all that the optimum may be
    index_most: float
    exponential_index: Interval  # as the minimisation index, of the exponential potential
    exponential_least: float
    exponential_most: float
    superposed: bool  # more features than dimensions, in most seeds
    beyond_whitening: float  # from tight frames, 0, to the best code known, 1
    exponential_beyond_whitening: float
    apart: float  # the exponential index that P's needs, see `Indices`
    searched: bool  # more than a bound of P* is known, in most seeds
    exponential_searched: bool
    readout_unexplained: Interval  # the mean over features
    sharing_fraction: float
    same_fraction: float  # of the features, that are one and the same as another
    close_fraction: float  # of the features, with another one closer than in a best code
    effective_rank: float
    rank_share: float  # effective rank over min(m, r)
    mean_cosine: float
    stake: Stake
    basins: Basins | None  # where the losses of the seeds are in two groups
    best: Best | None
    random: bands.Bands  # N1, medians over as many seeds
    tight: bands.Bands  # N3
    p_values: PValues  # of the medians, not corrected
    least_p: float  # the smallest p-value that so many seeds can have
    each: tuple[tuple[Geometry, PValues], ...]  # every usable seed by itself, not corrected

    @property
    def geometry(self) -> Geometry:
        """What the rule looks at."""
        return Geometry(
            n_features=self.n_features,
            d_hidden=self.d_hidden,
            squared_interference=self.squared_interference.value,
            positive_interference=self.positive_interference.value,
            **{name: getattr(self, name) for name in PLAIN},
        )


# What evidence has of `Geometry` as it is: the rest has an interval there, or is of the sweep.
APART = ("n_features", "d_hidden", "squared_interference", "positive_interference")
PLAIN = tuple(f.name for f in fields(Geometry) if f.name not in APART)


def plain(row: Mapping[Any, Any], names: list[str]) -> dict[str, Any]:
    """Some values of a row as plain Python, without those that are missing."""
    values = {name: row[name] for name in names if name in row and pd.notna(row[name])}
    return {name: v.item() if isinstance(v, np.generic) else v for name, v in values.items()}


def of_group(
    first: Mapping[Any, Any], found: Rows, settings: list[str], optima: Optima, t: Thresholds
) -> Evidence:
    """What the seeds of a group show, from its `first` row and what is `found` of each."""
    usable = found.group(found.usable)
    shapes = shapes_of(usable)
    p_values = p_values_of(shapes, *(getattr(usable, name) for name in TESTED))
    share = median(usable.sharing_fraction)
    shared = share > t.sharing_share and p_values.sharing_above_random < t.alpha
    # What shares directions, or is no better than the nulls, is not held against the best code.
    close = p_values.P_below_random < t.alpha and not p_values.P_below_tight >= t.alpha
    index = indices_of(shapes, usable, optima, search=close and not shared)
    packing = np.array([best.found for best in index.packing])
    each = tuple(each_seed(int(first["n_features"]), usable, shapes, index))
    middle = medians(int(first["n_features"]), int(first["d_hidden"]), [g for g, _ in each])
    named: dict[str, Any] = {
        **dict.fromkeys(CASE_KEYS),
        **plain(first, [*CASE_KEYS, *KEY]),
    }
    return Evidence(
        **named,
        settings=plain(first, settings),
        d_hidden=int(first["d_hidden"]),
        n_features=int(first["n_features"]),
        seeds=len(found.seed),
        outcomes=dict(sorted(Counter(found.outcome).items())),
        moves=tuple(map(tuple, found.moves[found.alive].tolist())),
        undefined=int((found.alive & (found.n_represented < 2)).sum()),
        n_active=median(usable.n_active),
        squared_interference=median_interval(usable.squared_interference),
        positive_interference=median_interval(usable.positive_interference),
        minimisation_index=median_interval(index.minimisation),
        exponential_index=median_interval(index.exponential),
        readout_unexplained=median_interval(usable.mean_readout_unexplained),
        stake=stake_of(usable.loss, usable.chance, usable.stake, usable.stake_error),
        basins=basins(found.loss[found.alive]),
        best=best_of(found, usable, index),
        random=bands.of_random(shapes, packing),
        tight=bands.of_tight(shapes, packing),
        p_values=p_values,
        least_p=least_p(shapes),
        each=each,
        **{name: getattr(middle, name) for name in PLAIN},
    )


def best_of(found: Rows, usable: Rows, index: Indices) -> Best | None:
    """The seed with the lowest loss, whether or not it represents enough features to be usable."""
    if not np.isfinite(found.compared_loss).any():
        return None
    i = int(lowest_place(found.compared_loss))
    place = np.flatnonzero(usable.seed == found.seed[i])
    return Best(
        int(found.seed[i]),
        float(found.loss[i]),
        int(found.n_represented[i]),
        float(found.squared_interference[i]),
        float(found.positive_interference[i]),
        float(index.minimisation[place[0]]) if len(place) else np.nan,
    )


def each_seed(n_features: int, usable: Rows, shapes, index: Indices):
    """The geometry of every usable seed, and the p-values that it has alone."""
    for i, shape in enumerate(shapes):
        own = [float(getattr(usable, name)[i]) for name in TESTED]
        geometry = Geometry(
            n_features=n_features,
            d_hidden=shape[1],
            n_represented=float(usable.n_represented[i]),
            squared_interference=own[0],
            positive_interference=own[1],
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
            sharing_fraction=own[2],
            same_fraction=own[3],
            close_fraction=float(usable.close_fraction[i]),
            effective_rank=float(usable.effective_rank[i]),
            rank_share=float(usable.rank_share[i]),
            mean_cosine=float(usable.mean_cosine[i]),
        )
        yield geometry, p_values_of([shape], *(np.array([value]) for value in own))


def gather(rows: pd.DataFrame, settings: list[str], t: Thresholds) -> list[Evidence]:
    """The evidence of every condition and set of directions.

    The metrics are computed from `W`, so that another threshold for what is represented needs no
    other results.
    """
    if not len(rows):
        return []
    refuse_repeated(rows)
    rows = rows.sort_values([*KEY, "seed"], ignore_index=True)
    found = known_of(rows, t.represented)
    starts = np.flatnonzero(~rows.duplicated(KEY).to_numpy())
    named = [name for name in rows.columns if name not in ("W", "half")]
    firsts = rows.loc[starts, named].to_dict("records")
    parts = [found.group(slice(*ends)) for ends in pairwise([*starts, len(rows)])]
    optima = Optima()
    return [
        of_group(first, part, settings, optima, t)
        for first, part in zip(firsts, parts, strict=True)
    ]
