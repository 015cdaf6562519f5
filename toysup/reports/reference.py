"""The comparison with the reference objective: differences in geometry and in read-out.

Both matter for "that same behaviour": a different code may minimise interference, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import median
from typing import Any

from toysup.reports.subjects import subjects
from toysup.reports.words import decimals
from toysup.verdict.statistics import Interval

NOTE = (
    "Differences from {reference} with otherwise equal settings and seeds, of conditions in which "
    "both count: the median over conditions, and their range. unexplained: the share of a "
    "feature's variance that the best read-out leaves unexplained; above 0 {reference}'s "
    "code is read better."
)
# Settings that may differ: those of training to convergence, and the decoder, a part of the loss.
MAY_DIFFER = ("steps", "batch_size", "learning_rate", "schedule", "tied")
# The reference's values in comparisons with a loss that does not weight features.
UNWEIGHTED = {"importance_decay": 1.0, "relative_importance": 1.0}


@dataclass(frozen=True)
class ReferenceComparison:
    """An objective's differences from the reference, over pairs of conditions.

    `index` and `readout_unexplained` have the median and the range over the pairs; NaN if no pair
    has both numbers.
    """

    name: str
    pairs: int
    index: Interval
    readout_unexplained: Interval


def compare_to_reference(verdicts: Sequence, reference: str) -> tuple[ReferenceComparison, ...]:
    """The comparison of each objective that has conditions to pair with the reference's."""
    counting = [v for v in verdicts if v.counts]
    others = [v for v in counting if v.objective == reference]
    found = []
    for subject in subjects(verdicts):
        if subject.key[0] == reference:
            continue
        conditions = [v for v in counting if subject.is_about(v)]
        pairs = [(v, other) for v in conditions if (other := partner(v, others))]
        if pairs:
            index = [v.minimisation_index.value - o.minimisation_index.value for v, o in pairs]
            unread = [v.readout_unexplained.value - o.readout_unexplained.value for v, o in pairs]
            found.append(
                ReferenceComparison(
                    subject.name, len(pairs), median_and_range(index), median_and_range(unread)
                )
            )
    return tuple(found)


def partner(verdict, others: Sequence) -> Any | None:
    """The one reference condition to pair with, or None if there is none or more than one."""
    equal = [o for o in others if is_pair(verdict, o)]
    return equal[0] if len(equal) == 1 else None


def is_pair(one, reference) -> bool:
    """Whether a condition differs from the reference's in its objective alone."""
    settings = {name: value for name, value in one.settings.items() if value is not None}
    reference_settings = {
        name: value for name, value in reference.settings.items() if value is not None
    }
    compared = UNWEIGHTED | settings
    shared = compared.keys() & reference_settings.keys() - set(MAY_DIFFER)
    names = ("features", "encoder", "seeds")
    return all(compared[name] == reference_settings[name] for name in shared) and all(
        getattr(one, name) == getattr(reference, name) for name in names
    )


def title(reference: str) -> str:
    """The heading of the table."""
    return f"Beside {reference}"


def note(reference: str) -> str:
    """The note that explains the table."""
    return NOTE.format(reference=reference)


def median_and_range(values: Sequence[float]) -> Interval:
    """The median and the range of the finite values."""
    known = [value for value in values if isfinite(value)]
    if not known:
        return Interval(float("nan"), float("nan"), float("nan"))
    return Interval(median(known), min(known), max(known))


def difference_text(difference: Interval) -> str:
    """A difference with its sign, and its range.

    >>> difference_text(Interval(0.214, -0.05, 0.3)), difference_text(Interval(0.214, 0.214, 0.214))
    ('+0.21 (-0.05 to 0.30)', '+0.21')
    """
    value, low, high = (decimals(x) for x in vars(difference).values())
    sign = "+" if difference.value > 0 and value != decimals(0.0) else ""
    return f"{sign}{value} ({low} to {high})" if low != high else f"{sign}{value}"
