"""The sensitivity of verdicts to thresholds: how many change when a threshold changes."""

from dataclasses import dataclass, fields, replace

import pandas as pd

from toysup.verdict import Verdicts, labels_of
from toysup.verdict.evidence import Basis
from toysup.verdict.gathering import gather_changed
from toysup.verdict.thresholds import Thresholds

THIRD = 1 / 3
REPRESENTED_VALUES = (0.2, 0.5)  # other thresholds for a represented feature


@dataclass(frozen=True)
class ThresholdChange:
    """A threshold at another value, and the verdicts that this changes."""

    threshold: str
    default: float
    value: float
    changed: int
    of: int
    conditions: tuple[int, ...]


def a_third_away(value: float) -> tuple[float, float]:
    """The value less and plus a third. If the second is not below 1, it is a third of the way to 1.

    >>> a_third_away(0.6), a_third_away(0.85)
    ((0.4, 0.8), (0.566667, 0.9))
    """
    up = value * (1 + THIRD)
    return round(value * (1 - THIRD), 6), round(up if up < 1 else value + (1 - value) * THIRD, 6)


def _change(name: str, value: float, verdicts: Verdicts, evidence: list[Basis]) -> ThresholdChange:
    thresholds = replace(verdicts.thresholds, **{name: value})
    labels, *_ = labels_of(evidence, thresholds)
    pairs = zip(verdicts.verdicts, labels, strict=True)
    changed = tuple(was.condition for was, (label, _) in pairs if was.label != label)
    default = getattr(verdicts.thresholds, name)
    return ThresholdChange(name, default, value, len(changed), len(verdicts.verdicts), changed)


def sensitivity(rows: pd.DataFrame, verdicts: Verdicts) -> tuple[ThresholdChange, ...]:
    """How many of the verdicts on `rows` change when each threshold changes.

    A threshold changes by a third, down and up: see `a_third_away`. The threshold of a represented
    feature goes to 0.2 and 0.5 instead, for which every W is measured again. A threshold of 0 does
    not change.
    """
    found = []
    for field in fields(Thresholds):
        now = getattr(verdicts.thresholds, field.name)
        if field.name == "represented":
            for value in REPRESENTED_VALUES:
                moved = replace(verdicts.thresholds, represented=value)
                evidence = gather_changed(rows, moved, verdicts.verdicts, now)
                found.append(_change(field.name, value, verdicts, evidence))
        elif now:
            for value in a_third_away(now):
                found.append(_change(field.name, value, verdicts, list(verdicts.verdicts)))
    return tuple(found)
