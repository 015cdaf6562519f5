"""The metrics that a sweep's claims speak of, beside the index: their means and intervals."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from toysup.claims.decision import Decision
from toysup.columns.fixed import KEY
from toysup.verdict.statistics import Interval, student_interval

INDEX = "minimisation_index"  # has a picture of its own

# Of a condition and its set of directions, (int, str); pandas does not say what its keys are.
Measured = dict[tuple[Any, ...], dict[str, Interval]]


def names(claims: Sequence[Decision]) -> list[str]:
    """The metrics of these claims that are not drawn anyway, once each."""
    found = dict.fromkeys(c.claim.metric for c in claims if c.claim.metric)
    return [name for name in found if name != INDEX]


def of_plugins(sweep: dict) -> list[str]:
    """The metrics that a sweep has from files beside the packaged ones."""
    return [name for family, name, _ in sweep["plugins"] if family == "metrics"]


def measured(rows: pd.DataFrame, claims: Sequence[Decision], more: Sequence[str] = ()) -> Measured:
    """The mean over seeds of each of their metrics, and of `more`, with its interval, in every
    condition."""
    numbers = rows.select_dtypes("number").columns
    there = [name for name in dict.fromkeys([*names(claims), *more]) if name in numbers]
    return {
        key: {name: student_interval(group[name].to_numpy(dtype=float)) for name in there}
        for key, group in rows.groupby(KEY)
    }


def levels(claims: Sequence[Decision], name: str) -> list[float]:
    """What the claims compare a metric itself with."""
    own = [c.claim for c in claims if c.claim.metric == name and c.claim.other is None]
    found = [
        level for c in own for level in (c.above, c.below, c.near, c.crosses) if level is not None
    ]
    return sorted(set(found))
