"""Two finished runs -> a `Comparison`: settings, and per shared condition verdicts and numbers.

Differences are the second run less the first. Nothing is trained, and jax is not imported.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from toysup.columns.fixed import KEY
from toysup.compare.difference import Difference, difference
from toysup.compare.identical import NUMBER, both_columns, same_rows
from toysup.compare.matching import matched
from toysup.compare.settings import changed_making, changed_settings
from toysup.measure.outcome import DIVERGED
from toysup.storage.store import Store
from toysup.storage.validate import settings_of
from toysup.verdict import Label, Verdict, jsonable, judge
from toysup.verdict.needed import needed
from toysup.verdict.telling import full_case, telling

# The metrics that a tolerance holds for. A loss has a unit, and is only shown.
TOLERATED = ("squared_interference", "positive_interference", "minimisation_index")
METRICS = (*TOLERATED, "loss")
Case = dict[str, Any]  # what tells a condition apart


class Run:
    """A finished run with its verdicts, read once."""

    def __init__(self, store: Store):
        self.store, table = store, store.results(needed)
        frame = table.to_pandas()
        # What only a verdict needs goes with it: of 100,000 instances it is half a gigabyte.
        self.verdicts = tuple(
            replace(verdict, per_seed=()) for verdict in judge(frame, settings_of(table)).verdicts
        )
        read = [*KEY, "seed", "outcome", *METRICS]
        self.frame = frame[[name for name in read if name in frame]].copy()
        self.seed = store.manifest()["plan"]["sweep"]["seed"]

    @cached_property
    def places(self) -> dict[tuple[int, str], np.ndarray]:
        """The rows of each condition and set of directions."""
        return self.frame.groupby(KEY).indices

    def seeds(self, verdict: Verdict) -> dict[int, int]:
        """Seed -> its row, in the order of the seeds."""
        places = self.places[verdict.condition, verdict.directions]
        seeds = self.frame["seed"].to_numpy()[places]
        return dict(sorted(zip(seeds.tolist(), places.tolist(), strict=True)))

    @cached_property
    def metrics(self) -> dict[str, np.ndarray]:
        """Each of METRICS over the rows, NaN for one that diverged or a run without the metric."""
        missing = pd.Series(math.nan, index=self.frame.index)
        diverged = (self.frame["outcome"] == DIVERGED).to_numpy()
        found = {name: self.frame.get(name, missing).to_numpy(dtype=float) for name in METRICS}
        return {name: np.where(diverged, math.nan, values) for name, values in found.items()}

    def values(self, rows: dict[int, int], metric: str) -> dict[int, float]:
        """Seed -> the metric, for seeds in these rows."""
        found = self.metrics[metric][list(rows.values())]
        return dict(zip(rows, found.tolist(), strict=True))


@dataclass(frozen=True, kw_only=True)
class Shared:
    """A condition, with a set of its directions, that both runs have."""

    case: Case
    differs: dict[str, tuple[Any, Any]]  # settings that each run fixes, at another value
    conditions: tuple[int, int]  # its number in each run
    labels: tuple[Label, Label]
    reasons: tuple[str, str]
    seeds: tuple[int, int, int]  # of the first, of the second, and that both have
    identical: bool  # the rows of the seeds that both have, bit for bit in every column
    differences: dict[str, Difference]  # of METRICS
    over: tuple[str, ...]  # the metrics whose difference is above the tolerance

    @property
    def same_verdict(self) -> bool:
        return self.labels[0] == self.labels[1]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A run beside the first one."""

    runs: tuple[str, str]
    settings: tuple[str, ...]  # in which the sweeps differ
    made_with: tuple[str, ...]  # code, versions, machine and data that differ
    same_sweep_seed: bool  # so that a seed has the same randomness in both
    tolerance: float | None
    shared: tuple[Shared, ...]
    only: tuple[tuple[Case, ...], tuple[Case, ...]]  # conditions that one run has

    @property
    def identical(self) -> bool:
        """Whether everything that was compared is the same, bit for bit."""
        return bool(self.shared) and all(one.identical for one in self.shared)

    @property
    def same_rows(self) -> bool:
        """Whether both runs have the same rows and no others."""
        whole = all(len(set(one.seeds)) == 1 for one in self.shared)
        return self.identical and whole and not any(self.only)

    @property
    def agrees(self) -> bool:
        """Whether every shared condition, one at least, has its verdict and is in the tolerance."""
        return bool(self.shared) and all(one.same_verdict and not one.over for one in self.shared)

    def to_json(self) -> dict:
        own = ("identical", "same_rows", "agrees")
        found = jsonable(self) | {name: getattr(self, name) for name in own}
        for told, one in zip(found["shared"], self.shared, strict=True):
            told["same_verdict"] = one.same_verdict
        return found


def compare(first: Run, second: Run, tolerance: float | None = None) -> Comparison:
    """How the second run differs from the first. See `Comparison.agrees` for what is expected."""
    names = telling(first.verdicts, second.verdicts)
    paired = first.seed == second.seed
    pairs, *only = matched(first.verdicts, second.verdicts)

    def case(verdict: Verdict) -> Case:
        known = full_case(verdict)
        told = ["objective", *names[verdict.objective]]
        return {name: known[name] for name in told if name in known}

    every = [(first.seeds(a), second.seeds(b)) for a, b in pairs]
    identical = identical_seeds(first.store, second.store, every)
    shared = []
    for (a, b), rows, same in zip(pairs, every, identical, strict=True):
        differences = {
            name: difference(first.values(rows[0], name), second.values(rows[1], name), paired)
            for name in METRICS
        }
        over = [n for n in TOLERATED if tolerance is not None and differences[n].exceeds(tolerance)]
        shared.append(
            Shared(
                case=case(a),
                differs=fixed_otherwise(full_case(a), full_case(b)),
                conditions=(a.condition, b.condition),
                labels=(a.label, b.label),
                reasons=(a.reason, b.reason),
                seeds=(len(rows[0]), len(rows[1]), len(same)),
                identical=bool(len(same)) and bool(same.all()),
                differences=differences,
                over=tuple(over),
            )
        )
    return Comparison(
        runs=(str(first.store.folder), str(second.store.folder)),
        settings=changed_settings(first.store, second.store),
        made_with=changed_making(first.store, second.store),
        same_sweep_seed=paired,
        tolerance=tolerance,
        shared=tuple(shared),
        only=(tuple(map(case, only[0])), tuple(map(case, only[1]))),
    )


def identical_seeds(
    first: Store, second: Store, rows: Sequence[tuple[dict[int, int], dict[int, int]]]
) -> list[np.ndarray]:
    """For each condition, whether the seeds that both runs have are the same, bit for bit in every
    column. `rows` has, for each run, the row of each seed of the condition."""
    shared = [[seed for seed in a if seed in b] for a, b in rows]
    every = list(zip(rows, shared, strict=True))
    places = [
        pa.array((of[i][s] for of, seeds in every for s in seeds), pa.int64()) for i in (0, 1)
    ]
    same = np.ones(len(places[0]), bool)
    with first.column_file() as one, second.column_file() as other:
        for _, *columns in both_columns(one, other, but=[NUMBER]):
            pair = zip(columns, places, strict=True)
            same &= same_rows(*(c if c is None else c.take(p) for c, p in pair))
    return np.split(same, np.cumsum([len(seeds) for seeds in shared])[:-1]) if shared else []


def fixed_otherwise(first: Case, second: Case) -> dict[str, tuple[Any, Any]]:
    """The settings of two matched conditions that are not the same; None where one has none."""
    names = dict.fromkeys((*first, *second))
    pairs = {name: (first.get(name), second.get(name)) for name in names}
    return {name: (a, b) for name, (a, b) in pairs.items() if a != b}
