"""The metrics that a sweep's claims use, other than the index: their means and intervals."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pandas as pd

from toysup.claims.decision import Decision
from toysup.columns.fixed import KEY
from toysup.reports.words import plain
from toysup.spec.claim import Claim
from toysup.verdict.statistics import Interval, student_interval

INDEX = "minimisation_index"  # has a picture of its own

# (condition, directions) -> metric -> interval. pandas does not type its keys.
MetricIntervals = dict[tuple[Any, ...], dict[str, Interval]]


def claimed_metrics(claims: Sequence[Decision]) -> list[str]:
    """The metrics of these claims, once each, without the index."""
    found = dict.fromkeys(c.claim.metric for c in claims if c.claim.metric)
    return [name for name in found if name != INDEX]


def plugin_metrics(sweep: dict) -> list[str]:
    """The metrics of a sweep that come from plug-in files."""
    return [name for family, name, _ in sweep["plugins"] if family == "metrics"]


def metric_intervals(
    rows: pd.DataFrame, claims: Sequence[Decision], more: Sequence[str] = ()
) -> MetricIntervals:
    """The mean over seeds, with its interval, of the claims' metrics and of `more`, in every
    condition."""
    numbers = rows.select_dtypes("number").columns
    there = [name for name in dict.fromkeys([*claimed_metrics(claims), *more]) if name in numbers]
    values = rows[there].to_numpy(dtype=float).T
    places = cast(dict[tuple[Any, ...], np.ndarray], rows.groupby(KEY).indices)
    found: MetricIntervals = {key: {} for key in places}
    for seeds in {len(of_key) for of_key in places.values()}:
        keys = [key for key, of_key in places.items() if len(of_key) == seeds]
        each = student_interval(values[:, np.stack([places[key] for key in keys])])
        ends = np.stack([each.value, each.low, each.high], axis=-1).tolist()
        for key, *of_key in zip(keys, *ends, strict=True):
            found[key] = {name: Interval(*three) for name, three in zip(there, of_key, strict=True)}
    return found


def on_level(claims: Sequence[Decision], name: str) -> list[tuple[float, str, Claim]]:
    """Each claim that compares a metric with a level: the level, the side in words, the claim."""
    own = [c.claim for c in claims if c.claim.metric == name and c.claim.other is None]
    own = [claim for claim in own if claim.correlates is None]  # its level is of a correlation
    sides = ("above", "below", "near", "crosses")
    return [
        (level, f"{side} {plain(level, 3)}", c)
        for c in own
        for side in sides
        if (level := getattr(c, side)) is not None
    ]


def levels(claims: Sequence[Decision], name: str) -> dict[float, str]:
    """The levels that the claims compare a metric with, and the side of each that they name."""
    found: dict[float, dict[str, None]] = {}
    for level, side, _ in sorted(on_level(claims, name), key=lambda one: one[0]):
        found.setdefault(level, {})[side] = None
    return {level: ", ".join(sides) for level, sides in found.items()}


def thresholds(claims: Sequence[Decision], name: str) -> list[tuple[str, str]]:
    """The side of each level, and the sentence of the claim that names it."""
    return list(dict.fromkeys((side, claim.words) for _, side, claim in on_level(claims, name)))
