"""What the seeds of one condition show together: the numbers that a verdict is made from."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from toysup.metrics.coherence import mean_cosine
from toysup.metrics.interference import (
    minimisation_index,
    positive_interference,
    squared_interference,
)
from toysup.metrics.rank import effective_rank, n_active
from toysup.metrics.represented import n_represented
from toysup.outcome import DIVERGED
from toysup.statistics import Interval, bootstrap_interval
from toysup.verdict import nulls

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


def plain(row: pd.Series, names: list[str]) -> dict[str, Any]:
    """The values of a row as plain Python, without those that are missing."""
    values = {name: row[name] for name in names if name in row.index and pd.notna(row[name])}
    return {name: v.item() if isinstance(v, np.generic) else v for name, v in values.items()}


def _of_group(
    rows: pd.DataFrame, settings: list[str], threshold: float
) -> tuple[Evidence, nulls.Observed]:
    rows = rows.sort_values("seed")
    first = rows.iloc[0]
    W = matrices(rows)
    m, n = W.shape[-2:]
    r, alive = n_represented(W, threshold), (rows["outcome"] != DIVERGED).to_numpy()
    T, P = squared_interference(W, threshold), positive_interference(W, threshold)
    index, rank = minimisation_index(W, threshold), effective_rank(W, threshold)
    used = n_active(W)
    usable = alive & (r >= 2)

    def mean(values: np.ndarray) -> float:
        return float(values[usable].mean()) if usable.any() else np.nan

    best = None
    loss = np.where(alive, rows["loss"].to_numpy(dtype=float), np.nan)
    if np.isfinite(loss).any():
        i = int(np.nanargmin(loss))
        numbers = map(float, (T[i], P[i], index[i]))
        best = Best(int(rows["seed"].iloc[i]), float(loss[i]), int(r[i]), *numbers)
    shapes = zip(r[usable].tolist(), used[usable].tolist(), strict=True)
    group = nulls.Observed(tuple(shapes), mean(T), mean(P))
    unknown = nulls.Bands(UNKNOWN, UNKNOWN, UNKNOWN)
    who = dict.fromkeys(("features", "views", "encoder"))
    return Evidence(
        **(who | plain(first, ["objective", "condition", "directions", *who])),
        settings=plain(first, settings),
        d_hidden=m,
        n_features=n,
        seeds=len(rows),
        outcomes=dict(sorted(Counter(rows["outcome"]).items())),
        moves=tuple(rows.loc[alive, MOVES].itertuples(index=False, name=None)),
        undefined=int((alive & (r < 2)).sum()),
        n_represented=mean(r),
        n_active=mean(used),
        squared_interference=bootstrap_interval(T[usable]),
        positive_interference=bootstrap_interval(P[usable]),
        minimisation_index=bootstrap_interval(index[usable]),
        effective_rank=mean(rank),
        rank_share=mean(rank / np.maximum(1, np.minimum(r, used))),
        mean_cosine=mean(mean_cosine(W, threshold)),
        best=best,
        random=unknown,
        tight=unknown,
        p_values=nulls.PValues(*[np.nan] * 6),
    ), group


def gather(
    rows: pd.DataFrame, settings: list[str], threshold: float, alpha: float
) -> tuple[list[Evidence], int]:
    """The evidence of every condition and set of directions, and how many null draws it rests on.

    The metrics are computed from `W`, so that another `threshold` for what is represented needs
    no other results.
    """
    groups = [
        _of_group(group, settings, threshold)
        for _, group in rows.groupby(["condition", "directions"], sort=True)
    ]
    compared = [i for i, (_, observed) in enumerate(groups) if observed.shapes]
    draws = nulls.n_draws(len(compared), alpha)
    evidence = [found for found, _ in groups]
    results = nulls.compare([groups[i][1] for i in compared], draws)
    for i, result in zip(compared, results, strict=True):
        bands = {"random": result.random, "tight": result.tight}
        evidence[i] = replace(evidence[i], **bands, p_values=result.p_values)
    return evidence, draws
