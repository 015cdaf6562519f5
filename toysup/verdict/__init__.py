"""Results -> verdicts: what the directions of every condition do, and on what evidence.

The rule itself is in `rule.py`, the numbers it looks at in `evidence.py`.
"""

import dataclasses
import json
import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from toysup.spec.label import UNJUDGED
from toysup.verdict.chances import PValues
from toysup.verdict.evidence import Evidence, gather
from toysup.verdict.rule import Label, apply_rule, unjudged
from toysup.verdict.statistics import holm
from toysup.verdict.thresholds import Thresholds

DEFAULTS = Thresholds()
ALONE = 0.05  # the level of one seed's tests: small codes cannot be told from a null at 0.01
HALF = 0.5
SEEDS, POTENTIALS = "the seeds disagree:", "the potentials disagree:"


@dataclass(frozen=True, kw_only=True)
class Verdict(Evidence):
    """A condition's label, the sentence that says why, and the evidence."""

    label: Label
    reason: str
    note: str  # where the seeds, or the two potentials, disagree; "" elsewhere
    alone: float  # the share of the usable seeds that have the label by themselves
    corrected: PValues  # Holm over the conditions of the report that are judged, and all tests

    @property
    def counts(self) -> bool:
        """Whether it is judged, and counts for or against anything: see `stake`."""
        return self.label not in UNJUDGED and not self.stake.idle


@dataclass(frozen=True)
class Verdicts:
    """The verdicts of a report, with what they rest on."""

    verdicts: tuple[Verdict, ...]
    thresholds: Thresholds
    judged: int  # conditions in Holm's correction
    tests: int  # p-values in it

    @property
    def idle(self) -> frozenset[tuple[int, str]]:
        """The conditions and sets of directions in which nothing is at stake."""
        return frozenset((v.condition, v.directions) for v in self.verdicts if v.stake.idle)

    def to_dict(self) -> dict:
        """As plain values that JSON can hold; a number that is not known is None."""
        return jsonable(self) | {"thresholds": self.thresholds.describe()}

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), indent=1, allow_nan=False)


def jsonable(value: object) -> Any:
    """Dataclasses as dicts, tuples as lists, and numbers that are not finite as None."""
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {f.name: jsonable(getattr(value, f.name)) for f in fields if f.name != "each"}
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def stopped(e: Evidence, t: Thresholds) -> tuple[Label, str] | None:
    """Why a condition is not judged, if it is not."""
    return unjudged(e.outcomes, np.array(e.moves), e.undefined, t)


def correct(evidence: list[Evidence], t: Thresholds) -> tuple[list[PValues], int]:
    """Holm's correction over all conditions that are judged and all kinds of test together, and how
    many tests these are."""
    judged = np.array([stopped(e, t) is None for e in evidence], dtype=bool)
    raw = np.array([dataclasses.astuple(e.p_values) for e in evidence]).reshape(len(evidence), 6)
    tested = np.where(judged[:, None], raw, np.nan)
    corrected = holm(tested.ravel()).reshape(tested.shape)
    return [PValues(*row) for row in corrected.tolist()], int((~np.isnan(tested)).sum())


def decide(evidence: list[Evidence], thresholds: Thresholds) -> Verdicts:
    """The verdicts that the evidence leads to under these thresholds."""
    corrected, tests = correct(evidence, thresholds)
    rejected = sum(p < thresholds.alpha for group in corrected for p in dataclasses.astuple(group))
    verdicts = [
        decided(*pair, thresholds, tests - rejected)
        for pair in zip(evidence, corrected, strict=True)
    ]
    judged = sum(v.label not in UNJUDGED for v in verdicts)
    return Verdicts(tuple(verdicts), thresholds, judged, tests)


def decided(e: Evidence, p: PValues, t: Thresholds, left: int) -> Verdict:
    """The verdict on one condition, with corrected p-values; `left` tests rejected nothing.

    Where no p-value of so few seeds could be under alpha beside these, it is not known to be
    random.
    """
    label, reason = stopped(e, t) or apply_rule(e.geometry, p, t, [g for g, _ in e.each])
    if label == Label.RANDOM and e.least_p * left >= t.alpha:
        label = Label.UNDEFINED
        reason = (
            f"{e.seeds} seed{'s' * (e.seeds != 1)} cannot be told from random directions beside "
            f"{left} tests, whatever they show: train more seeds."
        )
    known = {f.name: getattr(e, f.name) for f in dataclasses.fields(Evidence)}
    alone = Counter() if label in UNJUDGED else labels_alone(e, t)
    return Verdict(
        **known,
        label=label,
        reason=reason,
        note=note(e, label, alone, t),
        alone=alone[label] / alone.total() if alone else math.nan,
        corrected=p,
    )


def labels_alone(e: Evidence, t: Thresholds) -> Counter[Label]:
    """How many of the usable seeds have each label by themselves."""
    alone = replace(t, alpha=ALONE)
    return Counter(apply_rule(g, p, alone, [g])[0] for g, p in e.each)


def note(e: Evidence, label: Label, alone: Counter[Label], t: Thresholds) -> str:
    """What a reader should know of a label: that the seeds disagree, or the two potentials."""
    # A seed alone is often not to be told from random: that is no other opinion.
    others = {other: n for other, n in alone.items() if other not in (label, Label.RANDOM)}
    if sum(others.values()) > HALF * alone.total():
        each = ", ".join(f"{count} {other.value}" for other, count in alone.most_common())
        return f"{SEEDS} {each}"
    if label != Label.MINIMISING:
        return ""
    indices = {
        "positive interference": e.index_least,
        "the exponential potential": e.exponential_least,
    }
    low = [name for name, index in indices.items() if index <= t.minimising_index]
    return f"{POTENTIALS} the index of {low[0]} may be {indices[low[0]]:.2f}" if low else ""


def judge(
    rows: pd.DataFrame,
    settings: list[str] | None = None,
    thresholds: Thresholds = DEFAULTS,
) -> Verdicts:
    """One verdict per condition and set of directions, from one row per instance.

    `rows` has the columns objective, features, views, encoder, condition, directions, seed,
    outcome, loss, d_hidden, n_features and W (row-major), and may have chance, stake, stake_error
    and mean_readout_unexplained. `settings` names the columns that make up a condition, by default
    `rows.attrs["settings"]`.
    """
    named = rows.attrs.get("settings", []) if settings is None else settings
    return decide(gather(rows, list(named), thresholds), thresholds)
