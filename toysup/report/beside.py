"""Beside the reference objective: how far each objective's geometry and read-out are from its.

Both readings of "that same behaviour": a code may minimise interference and still be another one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import median
from typing import Any

from toysup.report.prose.subjects import subjects
from toysup.report.words import decimals
from toysup.verdict.statistics import Interval

NOTE = (
    "Differences from {reference} with otherwise equal settings and seeds, of conditions in which "
    "both count: the median over conditions, and their range. unread: the share of a feature's "
    "variance that the best read-out leaves unexplained; above 0 {reference}'s code is read better."
)
# What may differ: how each loss is trained until it has converged, and whether it has a decoder of
# its own, which is part of the loss.
OWN = ("steps", "batch_size", "learning_rate", "schedule", "tied")
# What the reference is compared at with a loss that does not weigh its features.
ALIKE = {"importance_decay": 1.0, "relative_importance": 1.0}


@dataclass(frozen=True)
class Beside:
    """An objective's differences from the reference, pair by pair of conditions.

    The medians over conditions, and in place of an interval the range over conditions; NaN where
    no pair has both numbers.
    """

    name: str
    pairs: int
    index: Interval
    readout_unexplained: Interval


def beside(verdicts: Sequence, reference: str) -> tuple[Beside, ...]:
    """The objectives of which conditions can be paired with the reference's."""
    counting = [v for v in verdicts if v.counts]
    others = [v for v in counting if v.objective == reference]
    found = []
    for subject in subjects(verdicts):
        if subject.of[0] == reference:
            continue
        own = [v for v in counting if subject.names(v)]
        pairs = [(v, other) for v in own if (other := partner(v, others))]
        if pairs:
            index = [v.minimisation_index.value - o.minimisation_index.value for v, o in pairs]
            unread = [v.readout_unexplained.value - o.readout_unexplained.value for v, o in pairs]
            found.append(Beside(subject.name, len(pairs), middle(index), middle(unread)))
    return tuple(found)


def partner(verdict, others: Sequence) -> Any | None:
    """The one reference with the same features, encoder, seeds and shared settings, if any."""
    equal = [o for o in others if is_pair(verdict, o)]
    return equal[0] if len(equal) == 1 else None


def is_pair(one, reference) -> bool:
    """Whether a condition differs from the reference's in its objective alone."""
    own = {name: value for name, value in one.settings.items() if value is not None}
    theirs = {name: value for name, value in reference.settings.items() if value is not None}
    compared = ALIKE | own
    shared = compared.keys() & theirs.keys() - set(OWN)
    who = ("features", "encoder", "seeds")
    return all(compared[name] == theirs[name] for name in shared) and all(
        getattr(one, name) == getattr(reference, name) for name in who
    )


def title(reference: str) -> str:
    """The heading of the table."""
    return f"Beside {reference}"


def note(reference: str) -> str:
    """What the table's numbers are."""
    return NOTE.format(reference=reference)


def middle(values: Sequence[float]) -> Interval:
    """The median and the range of those that are known."""
    known = [value for value in values if isfinite(value)]
    if not known:
        return Interval(float("nan"), float("nan"), float("nan"))
    return Interval(median(known), min(known), max(known))


def told(difference: Interval) -> str:
    """A difference with its sign, and its range.

    >>> told(Interval(0.214, -0.05, 0.3)), told(Interval(0.214, 0.214, 0.214))
    ('+0.21 (-0.05 to 0.30)', '+0.21')
    """
    value, low, high = (decimals(x) for x in vars(difference).values())
    sign = "+" if difference.value > 0 and value != decimals(0.0) else ""
    return f"{sign}{value} ({low} to {high})" if low != high else f"{sign}{value}"
