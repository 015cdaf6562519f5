"""What the verdicts owe to the choice of thresholds: how many change when one moves."""

from dataclasses import dataclass, fields, replace

import pandas as pd

from toysup.verdict import Verdicts, decide
from toysup.verdict.evidence import Evidence, gather
from toysup.verdict.thresholds import Thresholds

THIRD = 1 / 3
REPRESENTED_MOVES = (0.2, 0.5)  # the other rules for which features count


@dataclass(frozen=True)
class Moved:
    """One threshold at another value, and the verdicts that this changes."""

    threshold: str
    default: float
    value: float
    changed: int
    of: int
    conditions: tuple[int, ...]


def a_third_from(value: float) -> tuple[float, float]:
    """A third down and a third up; or, as nothing here can pass 1, a third of the way to 1.

    >>> a_third_from(0.6), a_third_from(0.85)
    ((0.4, 0.8), (0.566667, 0.9))
    """
    up = value * (1 + THIRD)
    return round(value * (1 - THIRD), 6), round(up if up < 1 else value + (1 - value) * THIRD, 6)


def _moved(name: str, value: float, verdicts: Verdicts, evidence: list[Evidence]) -> Moved:
    thresholds = replace(verdicts.thresholds, **{name: value})
    other = decide(evidence, thresholds)
    pairs = zip(verdicts.verdicts, other.verdicts, strict=True)
    changed = tuple(was.condition for was, now in pairs if was.label != now.label)
    default = getattr(verdicts.thresholds, name)
    return Moved(name, default, value, len(changed), len(verdicts.verdicts), changed)


def sensitivity(rows: pd.DataFrame, verdicts: Verdicts) -> tuple[Moved, ...]:
    """How many of the verdicts on `rows` change when each threshold moves.

    By a third, down and up as `a_third_from` says. The share of the largest norm from which a
    feature counts goes to 0.2 and 0.5 instead, which measures every W again. A threshold of 0
    stays.
    """
    found = []
    for field in fields(Thresholds):
        now = getattr(verdicts.thresholds, field.name)
        if field.name == "represented":
            for value in REPRESENTED_MOVES:
                evidence = gather(rows, [], replace(verdicts.thresholds, represented=value))
                found.append(_moved(field.name, value, verdicts, evidence))
        elif now:
            for value in a_third_from(now):
                found.append(_moved(field.name, value, verdicts, list(verdicts.verdicts)))
    return tuple(found)
