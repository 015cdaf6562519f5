"""Results -> verdicts: what the directions of each condition do, with the evidence and the nulls.

`rule.py` has the rule, and `evidence.py` the numbers that it uses.
"""

import dataclasses
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from toysup.spec.cases import CASE_KEYS
from toysup.spec.label import UNJUDGED
from toysup.verdict.evidence import Basis, Evidence
from toysup.verdict.gathering import gather
from toysup.verdict.groups import chosen_of
from toysup.verdict.p_values import PValues, could_be_shown
from toysup.verdict.rule import Label, apply_rule, moves_on, unjudged
from toysup.verdict.statistics import holm
from toysup.verdict.thresholds import Thresholds

DEFAULTS = Thresholds()
SEED_ALPHA = 0.05  # for tests of one seed: at 0.01 small codes cannot differ from a null
MAJORITY = 0.5
OF_THE_RULE = ("geometry", "per_seed")  # fields that JSON has otherwise, or leaves out
LAST = {f.name for f in dataclasses.fields(Basis)}  # of the fields of a verdict in JSON
SEEDS, POTENTIALS = "the seeds disagree:", "the potentials disagree:"


@dataclass(frozen=True, kw_only=True)
class Verdict(Evidence):
    """A condition's label, the sentence that says why, and the evidence."""

    label: Label
    reason: str
    note: str  # says that the seeds, or the two potentials, disagree; "" if they agree
    alone: float  # share of the usable seeds that get this label from their own numbers
    corrected: PValues  # by Holm, over all tests of all judged conditions of the report

    @property
    def counts(self) -> bool:
        """Whether the condition is judged and something is at stake in it: see `stake`."""
        return self.label not in UNJUDGED and not self.stake.idle


@dataclass(frozen=True)
class Verdicts:
    """The verdicts of a report, with their thresholds and the number of tests."""

    verdicts: tuple[Verdict, ...]
    thresholds: Thresholds
    judged: int  # conditions in Holm's correction
    tests: int  # p-values in it

    @property
    def idle(self) -> frozenset[tuple[int, str]]:
        """The (condition, directions) in which nothing is at stake."""
        return frozenset((v.condition, v.directions) for v in self.verdicts if v.stake.idle)

    def to_dict(self) -> dict:
        """As plain values for JSON; an unknown number is None."""
        return jsonable(self) | {"thresholds": self.thresholds.describe()}

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), indent=1, allow_nan=False)


def jsonable(value: object) -> Any:
    """Dataclasses as dicts, tuples and arrays as lists, and numbers that are not finite as None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if dataclasses.is_dataclass(value):
        return {name: jsonable(getattr(value, name)) for name in names_in_json(type(value))}
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return jsonable(value.tolist())
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    return value


@cache
def names_in_json(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass that JSON has, in its order."""
    every = [f.name for f in dataclasses.fields(kind) if f.name not in OF_THE_RULE]
    return tuple(sorted(every, key=LAST.__contains__))


def why_unjudged(evidence: Sequence[Basis], t: Thresholds) -> list[tuple[Label, str] | None]:
    """The label and the reason of each condition that is not judged; None if it is judged."""
    moves = np.array([of_seed for e in evidence for of_seed in e.moves], dtype=float)
    moving = chosen_of(moves_on(moves.reshape(-1, 3), t), [len(e.moves) for e in evidence])
    each = zip(evidence, moving.tolist(), strict=True)
    return [unjudged(e.outcomes, count, e.undefined, t) for e, count in each]


def correct_p_values(evidence: Sequence[Basis], judged: np.ndarray) -> tuple[list[PValues], int]:
    """p-values by Holm's correction over all tests of all `judged` conditions, and the number of
    these tests."""
    raw = np.array([e.p_values.all for e in evidence]).reshape(len(evidence), 6)
    tested = np.where(judged[:, None], raw, np.nan)
    corrected = holm(tested.ravel()).reshape(tested.shape)
    tests = int((~np.isnan(tested)).sum())
    return [PValues(*row) for row in corrected.tolist()], tests


def decide(evidence: list[Evidence], thresholds: Thresholds) -> Verdicts:
    """The verdicts that the evidence leads to under these thresholds."""
    tested = tests_of(evidence, thresholds)
    labels = labels_of(evidence, tested, thresholds)
    each = zip(evidence, tested.corrected, labels, strict=True)
    verdicts = [verdict_of(*one, thresholds) for one in each]
    return Verdicts(tuple(verdicts), thresholds, tested.judged, tested.tests)


@dataclass(frozen=True)
class Tested:
    """What the label of each condition depends on besides its own evidence."""

    unjudged: list[tuple[Label, str] | None]  # label and reason of each; None if it is judged
    corrected: list[PValues]
    tests: int
    not_rejected: int  # tests that reject nothing

    @property
    def judged(self) -> int:
        """How many conditions are judged."""
        return self.unjudged.count(None)


def tests_of(evidence: Sequence[Basis], t: Thresholds) -> Tested:
    """Which conditions are judged, and the p-values of these together."""
    reasons = why_unjudged(evidence, t)
    judged = np.array([reason is None for reason in reasons], dtype=bool)
    corrected, tests = correct_p_values(evidence, judged)
    rejected = sum(p < t.alpha for group in corrected for p in group.all)
    return Tested(reasons, corrected, tests, tests - rejected)


def labels_of(evidence: Sequence[Basis], tested: Tested, t: Thresholds) -> list[tuple[Label, str]]:
    """The label of each condition with its reason. It takes a fraction of the time of `decide`."""
    each = zip(tested.unjudged, evidence, tested.corrected, strict=True)
    return [reason or label_of(e, p, t, tested.not_rejected) for reason, e, p in each]


def label_of(e: Basis, p: PValues, t: Thresholds, not_rejected: int) -> tuple[Label, str]:
    """The label of one judged condition, with its reason, from corrected p-values.

    `not_rejected` is the number of tests in the report that reject nothing. If the seeds are too
    few for any p-value under alpha beside these tests, the label is undefined, not random.
    """
    too_few = could_be_shown(e.p_values, e.least_p_minimising, t.alpha)
    label, reason = apply_rule(e.geometry, p, t, [g for g, _ in e.per_seed], too_few)
    if label == Label.RANDOM and e.least_p * not_rejected >= t.alpha:
        label = Label.UNDEFINED
        reason = (
            f"{e.seeds} seed{'s' * (e.seeds != 1)} cannot be told from random directions beside "
            f"{not_rejected} tests, whatever they show: train more seeds."
        )
    return label, reason


def verdict_of(e: Evidence, p: PValues, found: tuple[Label, str], t: Thresholds) -> Verdict:
    """The verdict on one condition, from corrected p-values, its label and the reason."""
    label, reason = found
    evidence = {f.name: getattr(e, f.name) for f in dataclasses.fields(Evidence)}
    labels = Counter() if label in UNJUDGED else labels_by_seed(e, t)
    return Verdict(
        **evidence,
        label=label,
        reason=reason,
        note=disagreement(e, label, labels, t),
        alone=labels[label] / labels.total() if labels else math.nan,
        corrected=p,
    )


def labels_by_seed(e: Basis, t: Thresholds) -> Counter[Label]:
    """How many of the usable seeds get each label from their own numbers."""
    alone = replace(t, alpha=SEED_ALPHA)
    return Counter(apply_rule(g, p, alone, [g])[0] for g, p in e.per_seed)


def disagreement(e: Evidence, label: Label, labels: Counter[Label], t: Thresholds) -> str:
    """A note that most seeds, or one of the two potentials, disagree with the label; or ""."""
    # One seed often cannot be told from random. This does not count as disagreement.
    others = {other: n for other, n in labels.items() if other not in (label, Label.RANDOM)}
    if sum(others.values()) > MAJORITY * labels.total():
        each = ", ".join(f"{count} {other.value}" for other, count in labels.most_common())
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
    outcome, loss, d_hidden, n_features and W (row-major). It may have chance, stake, stake_error
    and mean_readout_unexplained. `settings` names the columns that define a condition; the default
    is `rows.attrs["settings"]`. Objective, features, views and encoder may be among them.
    """
    names = rows.attrs.get("settings", []) if settings is None else settings
    names = [name for name in names if name not in CASE_KEYS]
    return decide(gather(rows, names, thresholds), thresholds)
