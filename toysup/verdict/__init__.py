"""Results -> verdicts: what the directions of every condition do, and on what evidence.

The rule itself is in `rule.py`, the numbers it looks at in `evidence.py`.
"""

import dataclasses
import json
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toysup.statistics import holm
from toysup.verdict.evidence import Evidence, gather
from toysup.verdict.nulls import PValues
from toysup.verdict.rule import MINIMISES, Label, Thresholds, apply_rule, unjudged

DEFAULTS = Thresholds()
WHITENING = "whitening: no better than a random tight frame"
EVEN = "tight frame: evenly spread, short of the best packing"


@dataclass(frozen=True, kw_only=True)
class Verdict(Evidence):
    """A condition's label, the sentence that says why, and the evidence."""

    label: Label
    reason: str
    note: str
    corrected: PValues  # Holm over the conditions of the report that are judged
    beats_tight_frame: bool


@dataclass(frozen=True)
class Verdicts:
    """The verdicts of a report, with what they rest on."""

    verdicts: tuple[Verdict, ...]
    thresholds: Thresholds
    draws: int
    judged: int  # conditions in Holm's correction

    def to_dict(self) -> dict:
        """As plain values that JSON can hold; a number that is not known is None."""
        return jsonable(self) | {"thresholds": self.thresholds.describe()}

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), indent=1, allow_nan=False)


def jsonable(value: object) -> object:
    """Dataclasses as dicts, tuples as lists, and numbers that are not finite as None."""
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {field.name: jsonable(getattr(value, field.name)) for field in fields}
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def correct(evidence: list[Evidence], t: Thresholds) -> tuple[list[PValues], int]:
    """Holm's correction of each kind of p-value over the conditions that are judged."""
    judged = np.array([unjudged(e, t) is None for e in evidence], dtype=bool)
    raw = np.array([dataclasses.astuple(e.p_values) for e in evidence]).reshape(-1, 6)
    corrected = np.stack([holm(np.where(judged, p, np.nan)) for p in raw.T], axis=1)
    return [PValues(*row) for row in corrected.tolist()], int(judged.sum())


def decide(evidence: list[Evidence], thresholds: Thresholds, draws: int) -> Verdicts:
    """The verdicts that the evidence leads to under these thresholds."""
    verdicts = []
    corrected, judged = correct(evidence, thresholds)
    for e, p in zip(evidence, corrected, strict=True):
        label, reason = apply_rule(e, p, thresholds)
        beats = any(x < thresholds.alpha for x in (p.T_below_tight, p.P_below_tight))
        whitened = label == Label.PARTIAL and not beats and e.n_represented > e.n_active
        known = {f.name: getattr(e, f.name) for f in dataclasses.fields(Evidence)}
        even = label in MINIMISES and e.minimisation_index.value <= thresholds.minimising_index
        note = WHITENING if whitened else EVEN if even else ""
        own = {"label": label, "reason": reason, "note": note}
        verdicts.append(Verdict(**known, **own, corrected=p, beats_tight_frame=beats))
    return Verdicts(tuple(verdicts), thresholds, draws, judged)


def judge(
    rows: pd.DataFrame,
    settings: list[str] | None = None,
    thresholds: Thresholds = DEFAULTS,
) -> Verdicts:
    """One verdict per condition and set of directions, from one row per instance.

    `rows` has the columns objective, features, views, encoder, condition, directions, seed,
    outcome, loss, d_hidden, n_features and W (row-major). `settings` names the columns that make
    up a condition, by default `rows.attrs["settings"]`.
    """
    settings = rows.attrs.get("settings", []) if settings is None else settings
    evidence, draws = gather(rows, list(settings), thresholds.represented, thresholds.alpha)
    return decide(evidence, thresholds, draws)
