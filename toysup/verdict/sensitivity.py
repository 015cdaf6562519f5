"""The sensitivity of verdicts to thresholds: how many change when a threshold changes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import cast

import pandas as pd

from toysup.spec.label import Label
from toysup.verdict import Verdicts, label_of, labels_of, tests_of
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


def labels_under(evidence: Sequence[Basis], t: Thresholds) -> list[Label]:
    """The label of each condition under thresholds."""
    return [label for label, _ in labels_of(evidence, tests_of(evidence, t), t)]


class Reads:
    """Thresholds that remember the names of those that were read."""

    def __init__(self, thresholds: Thresholds):
        self.thresholds, self.names = thresholds, set[str]()

    def __getattr__(self, name: str) -> float:
        self.names.add(name)
        return getattr(self.thresholds, name)


class Labels:
    """The labels of some evidence under other thresholds than those of its verdicts.

    A threshold that the rule did not read for a condition does not change its label.
    """

    def __init__(self, verdicts: Verdicts):
        self.evidence = verdicts.verdicts
        reads = Reads(verdicts.thresholds)
        self.tested = tests_of(self.evidence, cast(Thresholds, reads))
        self.read_for_all, self.read_for_each = reads.names, list[set[str]]()
        for i in range(len(self.evidence)):
            reads = Reads(verdicts.thresholds)
            self.label(i, cast(Thresholds, reads))
            self.read_for_each.append(reads.names)

    def label(self, i: int, t: Thresholds) -> Label:
        """That of one condition, where the tests of all are as they were."""
        e, p = self.evidence[i], self.tested.corrected[i]
        return (self.tested.unjudged[i] or label_of(e, p, t, self.tested.not_rejected))[0]

    def under(self, name: str, t: Thresholds) -> list[Label]:
        """Those of all conditions where the threshold `name` alone is another."""
        if name in self.read_for_all:
            return labels_under(self.evidence, t)
        return [
            self.label(i, t) if name in read else verdict.label
            for i, (read, verdict) in enumerate(zip(self.read_for_each, self.evidence, strict=True))
        ]


def _change(name: str, value: float, verdicts: Verdicts, labels: list[Label]) -> ThresholdChange:
    pairs = zip(verdicts.verdicts, labels, strict=True)
    changed = tuple(was.condition for was, label in pairs if was.label != label)
    default = getattr(verdicts.thresholds, name)
    return ThresholdChange(name, default, value, len(changed), len(verdicts.verdicts), changed)


def sensitivity(rows: pd.DataFrame, verdicts: Verdicts) -> tuple[ThresholdChange, ...]:
    """How many of the verdicts on `rows` change when each threshold changes.

    A threshold changes by a third, down and up: see `a_third_away`. The threshold of a represented
    feature goes to 0.2 and 0.5 instead, for which every W is measured again. A threshold of 0 does
    not change.
    """
    found, labels = [], Labels(verdicts)
    for field in fields(Thresholds):
        name, now = field.name, getattr(verdicts.thresholds, field.name)
        values = REPRESENTED_VALUES if name == "represented" else a_third_away(now) if now else ()
        for value in values:
            moved = replace(verdicts.thresholds, **{name: value})
            if name == "represented":
                evidence = gather_changed(rows, moved, verdicts.verdicts, now)
                of_all = labels_under(evidence, moved)
            else:
                of_all = labels.under(name, moved)
            found.append(_change(name, value, verdicts, of_all))
    return tuple(found)
