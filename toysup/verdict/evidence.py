"""What the seeds of one condition show together: the numbers that a verdict is made from."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from toysup.metrics import in_blocks
from toysup.metrics.coherence import mean_cosine
from toysup.metrics.interference import (
    minimisation_index,
    positive_interference,
    squared_interference,
)
from toysup.metrics.rank import effective_rank, n_active
from toysup.metrics.represented import n_represented
from toysup.outcome import DIVERGED
from toysup.restarts import compared_loss
from toysup.statistics import Interval, bootstrap_intervals
from toysup.verdict import nulls

KEY = ["condition", "directions"]
MOVES = ["geometry_change", "loss_change", "distance"]
UNKNOWN = Interval(np.nan, np.nan, np.nan)


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

    Means are over the usable seeds: not diverged, with at least two features represented.
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
    moves: tuple[tuple[float, ...], ...]  # `MOVES` of the seeds that did not diverge
    undefined: int  # seeds with fewer than two features represented
    n_represented: float
    n_active: float  # hidden dimensions in use
    squared_interference: Interval
    positive_interference: Interval
    minimisation_index: Interval
    effective_rank: float
    rank_share: float  # effective rank over min(m, r), its mean over seeds, m those in use
    mean_cosine: float
    best: Best | None
    random: nulls.Bands  # N1, means over as many seeds
    tight: nulls.Bands  # N2
    p_values: nulls.PValues  # not corrected


def matrices(rows: pd.DataFrame) -> np.ndarray:
    """The W of each row, `(rows, d_hidden, n_features)`; NaN where a row has none."""
    m, n = int(rows["d_hidden"].iloc[0]), int(rows["n_features"].iloc[0])
    empty = np.full(m * n, np.nan)
    flat = [empty if W is None or np.size(W) != m * n else W for W in rows["W"]]
    return np.asarray(flat, dtype=float).reshape(-1, m, n)


@dataclass(frozen=True)
class Rows:
    """What is known of each row by itself, in arrays over the rows: pandas takes milliseconds for
    a group, and there may be thousands of groups."""

    seed: np.ndarray
    outcome: np.ndarray
    loss: np.ndarray
    compared_loss: np.ndarray
    moves: np.ndarray  # (rows, MOVES)
    n_represented: np.ndarray
    n_active: np.ndarray
    squared_interference: np.ndarray
    positive_interference: np.ndarray
    minimisation_index: np.ndarray
    effective_rank: np.ndarray
    mean_cosine: np.ndarray

    @property
    def alive(self) -> np.ndarray:
        return self.outcome != DIVERGED

    @property
    def usable(self) -> np.ndarray:
        return self.alive & (self.n_represented >= 2)

    def group(self, places: slice) -> "Rows":
        return Rows(*(values[places] for values in vars(self).values()))


METRICS = [field.name for field in fields(Rows)][5:]


def known(rows: pd.DataFrame, threshold: float) -> Rows:
    """What is known of rows, with the metrics of all that have one shape computed together."""
    represented = (
        n_represented,
        squared_interference,
        positive_interference,
        minimisation_index,
        effective_rank,
        mean_cosine,
    )
    metrics = {f.__name__: partial(f, threshold=threshold) for f in represented}
    metrics |= {"n_active": n_active}
    found = np.full((len(METRICS), len(rows)), np.nan)
    for places in rows.groupby(["d_hidden", "n_features"], sort=False).indices.values():
        W = matrices(rows.iloc[places])
        found[:, places] = in_blocks([metrics[name] for name in METRICS], W)
    return Rows(
        rows["seed"].to_numpy(),
        rows["outcome"].to_numpy(),
        rows["loss"].to_numpy(dtype=float),
        compared_loss(rows),
        rows[MOVES].to_numpy(dtype=float),
        *found,
    )


def plain(row: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Some values of a row as plain Python, without those that are missing."""
    values = {name: row[name] for name in names if name in row and pd.notna(row[name])}
    return {name: v.item() if isinstance(v, np.generic) else v for name, v in values.items()}


def _of_group(
    first: dict[str, Any], found: Rows, settings: list[str], intervals: dict[str, Interval]
) -> tuple[Evidence, nulls.Observed]:
    """What the seeds of a group show, from its `first` row and what is `found` of each."""
    alive, usable = found.alive, found.usable
    r, used = found.n_represented, found.n_active
    T, P, index = found.squared_interference, found.positive_interference, found.minimisation_index

    def mean(values: np.ndarray) -> float:
        return float(values[usable].mean()) if usable.any() else np.nan

    best = None
    if np.isfinite(found.compared_loss).any():
        i = int(found.compared_loss.argmin())
        numbers = map(float, (T[i], P[i], index[i]))
        best = Best(int(found.seed[i]), float(found.loss[i]), int(r[i]), *numbers)
    shapes = zip(r[usable].astype(int).tolist(), used[usable].astype(int).tolist(), strict=True)
    observed = nulls.Observed(tuple(shapes), mean(T), mean(P))
    unknown = nulls.Bands(UNKNOWN, UNKNOWN, UNKNOWN)
    who = dict.fromkeys(("features", "views", "encoder"))
    return Evidence(
        **(who | plain(first, ["objective", "condition", "directions", *who])),
        settings=plain(first, settings),
        d_hidden=int(first["d_hidden"]),
        n_features=int(first["n_features"]),
        seeds=len(r),
        outcomes=dict(sorted(Counter(found.outcome).items())),
        moves=tuple(map(tuple, found.moves[alive].tolist())),
        undefined=int((alive & (r < 2)).sum()),
        n_represented=mean(r),
        n_active=mean(used),
        **intervals,
        effective_rank=mean(found.effective_rank),
        rank_share=mean(found.effective_rank / np.maximum(1, np.minimum(r, used))),
        mean_cosine=mean(found.mean_cosine),
        best=best,
        random=unknown,
        tight=unknown,
        p_values=nulls.PValues(*[np.nan] * 6),
    ), observed


INTERVALS = ("squared_interference", "positive_interference", "minimisation_index")


def intervals_of(groups: list[Rows], intervals: Callable) -> list[dict[str, Interval]]:
    """Of each group, the interval of each of INTERVALS over its usable seeds; `intervals` is called
    for all groups with as many of these together."""
    alike: dict[int, list[int]] = {}
    for place, group in enumerate(groups):
        alike.setdefault(int(group.usable.sum()), []).append(place)
    found: list[dict[str, Interval]] = [{} for _ in groups]
    for places in alike.values():
        for name in INTERVALS:
            values = np.stack([getattr(groups[i], name)[groups[i].usable] for i in places])
            for place, interval in zip(places, intervals(values), strict=True):
                found[place][name] = interval
    return found


def without_bounds(values: np.ndarray) -> list[Interval]:
    """The mean of each row alone."""
    means = values.mean(axis=1) if values.shape[1] else np.full(len(values), np.nan)
    return [Interval(mean, np.nan, np.nan) for mean in means.tolist()]


def gather(
    rows: pd.DataFrame,
    settings: list[str],
    threshold: float,
    alpha: float,
    intervals: Callable = bootstrap_intervals,
) -> tuple[list[Evidence], int]:
    """The evidence of every condition and set of directions, and how many null draws it rests on.

    The metrics are computed from `W`, so that another `threshold` for what is represented needs
    no other results. `intervals` are those of means over seeds.
    """
    rows = rows.sort_values([*KEY, "seed"], ignore_index=True)
    found = known(rows, threshold)
    starts = np.flatnonzero(~rows.duplicated(KEY).to_numpy())
    named = [name for name in rows.columns if name not in ("W", "half")]
    firsts = rows.loc[starts, named].to_dict("records")
    parts = [found.group(slice(*ends)) for ends in pairwise([*starts, len(rows)])]
    known_to = intervals_of(parts, intervals)
    groups = [
        _of_group(first, part, settings, own)
        for first, part, own in zip(firsts, parts, known_to, strict=True)
    ]
    compared = [i for i, (_, observed) in enumerate(groups) if observed.shapes]
    draws = nulls.n_draws(len(compared), alpha)
    evidence = [each for each, _ in groups]
    results = nulls.compare([groups[i][1] for i in compared], draws)
    for i, result in zip(compared, results, strict=True):
        bands = {"random": result.random, "tight": result.tight}
        evidence[i] = replace(evidence[i], **bands, p_values=result.p_values)
    return evidence, draws
