"""How the evidence of conditions is gathered from the rows of their seeds."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.spec.cases import CASE_KEYS
from toysup.verdict import bands
from toysup.verdict.basins import basins
from toysup.verdict.evidence import COPIED, Basis, Evidence, LowestLoss
from toysup.verdict.geometry import Geometry, medians
from toysup.verdict.indices import Indices, indices_of
from toysup.verdict.medians import median, median_interval
from toysup.verdict.optima import Optima
from toysup.verdict.p_values import (
    PValues,
    could_be_shown,
    least_p,
    least_p_minimising,
    p_values_of,
)
from toysup.verdict.restarts import lowest_place
from toysup.verdict.rows import (
    Rows,
    measure_rows,
    refuse_duplicates,
    represent_others,
    shapes_of,
)
from toysup.verdict.stake import stake_of
from toysup.verdict.thresholds import Thresholds


def known_values(row: Mapping[Any, Any], names: list[str]) -> dict[str, Any]:
    """The values of a row under `names` as plain Python, without missing ones."""
    values = {name: row[name] for name in names if name in row and pd.notna(row[name])}
    return {name: v.item() if isinstance(v, np.generic) else v for name, v in values.items()}


@dataclass(frozen=True)
class Group:
    """A condition and set of directions."""

    first: Mapping[Any, Any]  # its first row of the results
    seeds: Rows
    usable: Rows
    together: PValues  # of most usable seeds
    alone: Sequence[PValues]  # of each usable seed by itself

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """(r, m) of each usable seed."""
        return shapes_of(self.usable)


def group_of(first: Mapping[Any, Any], seeds: Rows) -> Group:
    """The group of some rows: `first` is the first of the results'."""
    usable = seeds.group(seeds.usable)
    [together] = p_values_of(shapes_of(usable), *tested(usable))
    return Group(first, seeds, usable, together, each_alone(usable))


def each_alone(rows: Rows) -> list[PValues]:
    """The p-values of each row by itself."""
    return p_values_of(shapes_of(rows), *tested(rows), sizes=[1] * len(rows.seed))


def tested(rows: Rows) -> tuple[np.ndarray, ...]:
    """What the p-values of rows are of."""
    return (
        rows.squared_interference,
        rows.positive_interference,
        rows.sharing_fraction,
        rows.same_fraction,
    )


def basis_of(group: Group, optima: Optima, t: Thresholds) -> tuple[Basis, Indices]:
    """What the label of a group of seeds depends on, and the indices of its usable seeds."""
    first, seeds, usable, shapes = group.first, group.seeds, group.usable, group.shapes
    p_values = group.together
    share = median(usable.sharing_fraction)
    shared = share > t.sharing_share and p_values.sharing_above_random < t.alpha
    # If directions are shared, or no better than the nulls, no optimum needs to be searched for.
    least = least_p_minimising(shapes)
    low = p_values.P_below_random < t.alpha and not p_values.P_below_tight >= t.alpha
    close = low or could_be_shown(p_values, least, t.alpha)
    index = indices_of(shapes, usable, optima, search=close and not shared)
    n, m = int(first["n_features"]), int(first["d_hidden"])
    each = tuple(zip(geometry_of_seeds(n, usable, shapes, index), group.alone, strict=True))
    basis = Basis(
        seeds=len(seeds.seed),
        outcomes=dict(sorted(Counter(seeds.outcome).items())),
        moves=tuple(map(tuple, seeds.moves[seeds.not_diverged].tolist())),
        undefined=int((seeds.not_diverged & (seeds.n_represented < 2)).sum()),
        geometry=medians(n, m, [geometry for geometry, _ in each]),
        per_seed=each,
        p_values=p_values,
        least_p=least_p(shapes, usable.positive_interference),
        least_p_minimising=least,
    )
    return basis, index


def evidence_of(group: Group, settings: list[str], optima: Optima, t: Thresholds) -> Evidence:
    """The evidence of a group of seeds."""
    first, seeds, usable, shapes = group.first, group.seeds, group.usable, group.shapes
    basis, index = basis_of(group, optima, t)
    packing = np.array([best.found for best in index.packing])
    names: dict[str, Any] = {
        **dict.fromkeys(CASE_KEYS),
        **known_values(first, [*CASE_KEYS, *KEY]),
    }
    return Evidence(
        **names,
        settings=known_values(first, settings),
        d_hidden=int(first["d_hidden"]),
        n_features=int(first["n_features"]),
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
        **{name: getattr(basis.geometry, name) for name in COPIED},
        **vars(basis),
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


def geometry_of_seeds(n_features: int, usable: Rows, shapes, index: Indices) -> Iterator[Geometry]:
    """The geometry of every usable seed."""
    values = np.stack(tested(usable), axis=1).tolist()
    for i, (shape, of_seed) in enumerate(zip(shapes, values, strict=True)):
        yield geometry_of_seed(n_features, i, shape, of_seed, usable, index)


def geometry_of_seed(
    n_features: int, i: int, shape: tuple[int, int], values, usable: Rows, index: Indices
) -> Geometry:
    """The geometry of seed `i`: `shape` is its (r, m), and `values` what is `tested` of it."""
    return Geometry(
        n_features=n_features,
        d_hidden=shape[1],
        n_represented=float(usable.n_represented[i]),
        squared_interference=values[0],
        positive_interference=values[1],
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
        sharing_fraction=values[2],
        same_fraction=values[3],
        close_fraction=float(usable.close_fraction[i]),
        effective_rank=float(usable.effective_rank[i]),
        rank_share=float(usable.rank_share[i]),
        mean_cosine=float(usable.mean_cosine[i]),
    )


def gather(rows: pd.DataFrame, settings: list[str], t: Thresholds) -> list[Evidence]:
    """The evidence of every condition and set of directions.

    The metrics are computed from `W`, so that the threshold of a represented feature can change
    without new results.
    """
    optima = Optima()
    return [evidence_of(group, settings, optima, t) for group in groups_of(rows, t.represented)]


def gather_changed(
    rows: pd.DataFrame, t: Thresholds, like: Sequence[Evidence], like_threshold: float
) -> list[Basis]:
    """What labels depend on under another threshold of a represented feature than that of `like`,
    which is of the same rows. A condition in which it represents the same features keeps its own.
    """
    moved = rows[KEY].assign(moved=represent_others(rows, t.represented, like_threshold))
    theirs = moved.groupby(KEY)["moved"].transform("any")
    optima = Optima()
    changed = {
        tuple(group.first[name] for name in KEY): basis_of(group, optima, t)[0]
        for group in groups_of(rows[theirs], t.represented)
    }
    return [changed.get((e.condition, e.directions), e) for e in like]


def groups_of(rows: pd.DataFrame, represented: float) -> Iterator[Group]:
    """The conditions and sets of directions of results, with features `represented` above that.

    What is of single rows is computed for all of them at once.
    """
    if not len(rows):
        return
    refuse_duplicates(rows)
    rows = rows.sort_values([*KEY, "seed"], ignore_index=True)
    known = measure_rows(rows, represented)
    usable = known.usable
    every = known.group(usable)
    starts = np.flatnonzero(~rows.duplicated(KEY).to_numpy())
    columns = [name for name in rows.columns if name not in ("W", "half")]
    firsts = rows.loc[starts, columns].to_dict("records")
    count = np.concatenate([[0], np.cumsum(usable)])  # of usable rows before each
    ends = [*starts, len(rows)]
    alone, sizes = each_alone(every), np.diff(count[ends]).tolist()
    together = p_values_of(shapes_of(every), *tested(every), sizes=sizes)
    for first, (start, end), p_values in zip(firsts, pairwise(ends), together, strict=True):
        seeds, some = known.group(slice(start, end)), slice(count[start], count[end])
        yield Group(first, seeds, every.group(some), p_values, alone[some])
