"""The metrics that a sweep's claims use, other than the index: their means and intervals."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from toysup.claims.decision import Decision
from toysup.columns.fixed import KEY
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
    return {
        key: {name: student_interval(group[name].to_numpy(dtype=float)) for name in there}
        for key, group in rows.groupby(KEY)
    }


def levels(claims: Sequence[Decision], name: str) -> list[float]:
    """The levels that the claims compare a metric with."""
    own = [c.claim for c in claims if c.claim.metric == name and c.claim.other is None]
    found = [
        level for c in own for level in (c.above, c.below, c.near, c.crosses) if level is not None
    ]
    return sorted(set(found))
