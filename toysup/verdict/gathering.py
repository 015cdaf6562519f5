"""How the evidence of conditions is gathered from the rows of their seeds."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.spec.cases import CASE_KEYS
from toysup.verdict import bands, geometry
from toysup.verdict.basins import basins_of
from toysup.verdict.conditions import Groups, groups_in
from toysup.verdict.evidence import COPIED, Basis, Evidence, LowestLoss
from toysup.verdict.groups import by_count, chosen_of, places_of
from toysup.verdict.indices import Indices, indices_of
from toysup.verdict.medians import median_intervals, medians_of
from toysup.verdict.optima import Optima
from toysup.verdict.p_values import (
    PValues,
    could_be_shown,
    least_p,
    least_p_minimising,
    p_values_of,
)
from toysup.verdict.restarts import lowest_place
from toysup.verdict.rows import Rows, represent_others
from toysup.verdict.stake import stakes_of
from toysup.verdict.thresholds import Thresholds


def known_values(row: Mapping[Any, Any], names: list[str]) -> dict[str, Any]:
    """The values of a row under `names` as plain Python, without missing ones."""
    values = {name: row[name] for name in names if name in row and pd.notna(row[name])}
    return {name: v.item() if isinstance(v, np.generic) else v for name, v in values.items()}


def tested(rows: Rows) -> tuple[np.ndarray, ...]:
    """What the p-values of rows are of."""
    return (
        rows.squared_interference,
        rows.positive_interference,
        rows.sharing_fraction,
        rows.same_fraction,
    )


def bases_of(groups: Groups, optima: Optima, t: Thresholds) -> tuple[list[Basis], Indices]:
    """What the label of each group depends on, and the indices of all usable seeds."""
    usable, sizes = groups.usable, groups.usable_sizes
    shapes, places = groups.shapes, groups.usable_places
    together = p_values_of(shapes, *tested(usable), sizes=sizes.tolist())
    alone = p_values_of(shapes, *tested(usable), sizes=[1] * len(shapes))
    least = [least_p_minimising(shapes[at]) for at in places]
    # If directions are shared, or no better than the nulls, no optimum needs to be searched for.
    shared = medians_of(usable.sharing_fraction, sizes) > t.sharing_share
    search = [
        may_minimise(p, p_least, t) and not (share and p.sharing_above_random < t.alpha)
        for p, p_least, share in zip(together, least, shared.tolist(), strict=True)
    ]
    index = indices_of(shapes, usable, optima, np.repeat(np.array(search, dtype=bool), sizes))
    n_features, d_hidden = (
        np.array([first[name] for first in groups.firsts], dtype=int)
        for name in ("n_features", "d_hidden")
    )
    each = geometry_columns(np.repeat(n_features, sizes), shapes, usable, index)
    of_seeds = geometry.of_rows(each)
    # A condition has its sizes without a usable seed, too.
    middle = geometry.of_groups(each, sizes) | {"n_features": n_features, "d_hidden": d_hidden}
    positive = usable.positive_interference
    columns = {
        **outcomes_of(groups),
        "geometry": geometry.of_rows(middle),
        "per_seed": [tuple(zip(of_seeds[at], alone[at], strict=True)) for at in places],
        "p_values": together,
        "least_p": [least_p(shapes[at], positive[at]) for at in places],
        "least_p_minimising": least,
    }
    return [Basis(**of_group) for of_group in rows_of_columns(columns)], index


def outcomes_of(groups: Groups) -> dict[str, list]:
    """The fields of `Basis` that count seeds, usable or not, and how they moved at the end."""
    rows, sizes = groups.rows, groups.sizes
    known = rows.not_diverged
    outcomes, moves = rows.outcome.tolist(), [*map(tuple, rows.moves[known].tolist())]
    return {
        "seeds": sizes.tolist(),
        "outcomes": [dict(sorted(Counter(outcomes[at]).items())) for at in places_of(sizes)],
        "moves": [tuple(moves[at]) for at in places_of(chosen_of(known, sizes))],
        "undefined": chosen_of(known & (rows.n_represented < 2), sizes).tolist(),
    }


def rows_of_columns(columns: Mapping[str, Sequence]) -> Iterator[dict[str, Any]]:
    """The values of each group, from columns of equal length."""
    return (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


def may_minimise(p: PValues, least: float, t: Thresholds) -> bool:
    """Whether P is below the nulls, or might be shown to be with more seeds."""
    below = p.P_below_random < t.alpha and not p.P_below_tight >= t.alpha
    return below or could_be_shown(p, least, t.alpha)


def evidence_of(
    groups: Groups, settings: list[str], optima: Optima, t: Thresholds
) -> list[Evidence]:
    """The evidence of each group."""
    bases, index = bases_of(groups, optima, t)
    rows, usable, sizes = groups.rows, groups.usable, groups.usable_sizes
    known, shapes, places = rows.not_diverged, groups.shapes, groups.usable_places
    intervals = {
        "squared_interference": usable.squared_interference,
        "positive_interference": usable.positive_interference,
        "minimisation_index": index.minimisation,
        "exponential_index": index.exponential,
        "readout_unexplained": usable.mean_readout_unexplained,
    }
    columns = {
        **{name: median_intervals(values, sizes) for name, values in intervals.items()},
        "n_active": medians_of(usable.n_active, sizes).tolist(),
        "stake": stakes_of(usable.loss, usable.chance, usable.stake, usable.stake_error, sizes),
        "basins": basins_of(rows.loss[known], chosen_of(known, groups.sizes)),
        "best": lowest_losses(groups, index.minimisation),
        "random": [bands.random_bands(shapes[at], index.packing[at]) for at in places],
        "tight": [bands.tight_bands(shapes[at], index.packing[at]) for at in places],
        "settings": [known_values(first, settings) for first in groups.firsts],
    }
    return [
        Evidence(
            **dict.fromkeys(CASE_KEYS) | known_values(first, [*CASE_KEYS, *KEY]),
            **numbers,
            **{name: getattr(basis.geometry, name) for name in COPIED},
            **vars(basis),
        )
        for first, numbers, basis in zip(
            groups.firsts, rows_of_columns(columns), bases, strict=True
        )
    ]


def lowest_losses(groups: Groups, index: np.ndarray) -> list[LowestLoss | None]:
    """The seed of each group with the lowest loss, usable or not; None if no loss is finite.
    `index` has the minimisation index of the usable ones."""
    rows, found = groups.rows, list[LowestLoss | None]([None] * len(groups.sizes))
    of_rows = np.full(len(rows.seed), np.nan)
    of_rows[rows.usable] = index
    for some, places in by_count(groups.sizes):
        best = places[np.arange(len(some)), lowest_place(rows.compared_loss[places])]
        finite = np.isfinite(rows.compared_loss[best])
        for group, i in zip(some[finite].tolist(), best[finite].tolist(), strict=True):
            found[group] = LowestLoss(
                int(rows.seed[i]),
                float(rows.loss[i]),
                int(rows.n_represented[i]),
                float(rows.squared_interference[i]),
                float(rows.positive_interference[i]),
                float(of_rows[i]),
            )
    return found


def geometry_columns(
    n_features: np.ndarray, shapes, usable: Rows, index: Indices
) -> dict[str, np.ndarray]:
    """The fields of `Geometry` of every usable seed, `(rows,)` each."""
    r, m = np.array(shapes, dtype=int).reshape(-1, 2).T
    of_index = {
        "index_least": index.least,
        "index_most": index.most,
        "exponential_least": index.exponential_least,
        "exponential_most": index.exponential_most,
        "beyond_whitening": index.beyond_whitening,
        "exponential_beyond_whitening": index.exponential_beyond_whitening,
        "apart": index.apart,
        "searched": index.searched,
        "exponential_searched": index.exponential_searched,
    }
    known = {"n_features": n_features, "d_hidden": m, "superposed": r > m, **of_index}
    return {n: known[n] if n in known else getattr(usable, n) for n in geometry.NAMES}


def gather(rows: pd.DataFrame, settings: list[str], t: Thresholds) -> list[Evidence]:
    """The evidence of every condition and set of directions.

    The metrics are computed from `W`, so that the threshold of a represented feature can change
    without new results.
    """
    groups = groups_in(rows, t.represented)
    return evidence_of(groups, settings, Optima(), t) if groups else []


def gather_changed(
    rows: pd.DataFrame, t: Thresholds, like: Sequence[Evidence], like_threshold: float
) -> list[Basis]:
    """What labels depend on under another threshold of a represented feature than that of `like`,
    which is of the same rows. A condition in which it represents the same features keeps its own.
    """
    moved = rows[KEY].assign(moved=represent_others(rows, t.represented, like_threshold))
    theirs = moved.groupby(KEY)["moved"].transform("any")
    groups = groups_in(rows[theirs], t.represented)
    if not groups:
        return list(like)
    keys = (tuple(first[name] for name in KEY) for first in groups.firsts)
    changed = dict(zip(keys, bases_of(groups, Optima(), t)[0], strict=True))
    return [changed.get((e.condition, e.directions), e) for e in like]
