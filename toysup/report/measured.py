"""The metrics that a sweep's claims speak of, beside the index: their means and intervals."""

from collections.abc import Sequence

import pandas as pd

from toysup.claims import Decided
from toysup.verdict.statistics import Interval, student_interval

INDEX = "minimisation_index"  # has a picture of its own

Measured = dict[tuple[int, str], dict[str, Interval]]  # of a condition and its set of directions


def names(claims: Sequence[Decided]) -> list[str]:
    """The metrics of these claims that are not drawn anyway, once each."""
    found = dict.fromkeys(c.claim.metric for c in claims if c.claim.metric)
    return [name for name in found if name != INDEX]


def measured(rows: pd.DataFrame, claims: Sequence[Decided]) -> Measured:
    """The mean over seeds of each of their metrics, with its interval, in every condition."""
    there = [name for name in names(claims) if name in rows.columns]
    return {
        key: {name: student_interval(group[name].to_numpy(dtype=float)) for name in there}
        for key, group in rows.groupby(["condition", "directions"])
    }


def levels(claims: Sequence[Decided], name: str) -> list[float]:
    """What the claims compare a metric itself with."""
    own = [c.claim for c in claims if c.claim.metric == name and c.claim.other is None]
    found = [
        level for c in own for level in (c.above, c.below, c.near, c.crosses) if level is not None
    ]
    return sorted(set(found))
