"""The rule that names what a condition's directions do; the first line that matches wins.

Every number that decides is a field of `Thresholds`. The metrics are scale-free, and the tests
are against null groups with as many directions in as many dimensions.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np

from toysup.label import MINIMISES, UNJUDGED, Label
from toysup.metrics.represented import REPRESENTED
from toysup.outcome import DIVERGED, GEOMETRY_TOLERANCE, LOSS_TOLERANCE, still_moving
from toysup.verdict.evidence import Evidence
from toysup.verdict.nulls import PValues

__all__ = ["MINIMISES", "UNJUDGED", "Label", "Thresholds", "apply_rule", "unjudged"]


def threshold(default: float, meaning: str) -> float:
    """A field of `Thresholds` with what it decides."""
    return dataclasses.field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Thresholds:
    """The choices in the rule. None has a theory behind it; the report says what each one moves."""

    represented: float = threshold(
        REPRESENTED, "A feature counts from this share of the largest norm."
    )
    geometry_tolerance: float = threshold(
        GEOMETRY_TOLERANCE,
        "Still moving: T or P differ by more than this from half as many steps.",
    )
    loss_tolerance: float = threshold(
        LOSS_TOLERANCE, "Still moving: the loss does, by more than this share of its whole fall."
    )
    not_converged_share: float = threshold(
        0.2, "Not converged: more than this share of the seeds still moved."
    )
    undefined_share: float = threshold(
        0.2, "Undefined: more than this share of the seeds has fewer than two features."
    )
    rank_share: float = threshold(
        0.5, "Collapsed or low rank: an effective rank under this share of min(m, r)."
    )
    plane_rank_share: float = threshold(
        0.55, "The same where min(m, r) is 2, of which one line is already half."
    )
    collapsed_cosine: float = threshold(
        0.5, "Collapsed rather than low rank: a mean cosine above this."
    )
    alpha: float = threshold(
        0.01, "Above or below random directions: a Holm-corrected p-value under this, each side."
    )
    minimising_index: float = threshold(
        0.85, "Minimising: an index above this, where random is 0 and the best packing 1."
    )
    minimising_squared: float = threshold(
        0.05,
        "Minimising too: a T under this (a tight frame is 0, random 1), with P below random.",
    )

    def describe(self) -> list[dict[str, object]]:
        """Each threshold's name, value and meaning, as the report prints them."""
        return [
            {"name": f.name, "value": getattr(self, f.name), "meaning": f.metadata["meaning"]}
            for f in dataclasses.fields(self)
        ]


def number(value: float) -> str:
    """Three decimals, without a minus sign on zero."""
    return f"{round(value, 3) + 0:.3f}" if value == value else "undefined"


def is_flat(e: Evidence, t: Thresholds) -> bool:
    """Whether the directions leave out dimensions that they could use."""
    plane = min(round(e.n_active), round(e.n_represented)) == 2
    return e.rank_share < (t.plane_rank_share if plane else t.rank_share)


def unjudged(e: Evidence, t: Thresholds) -> tuple[Label, str] | None:
    """Why a condition is not judged at all, if it is not."""
    diverged = e.outcomes.get(DIVERGED, 0)
    moves = np.array(e.moves).reshape(-1, 3).T
    moving = int(still_moving(*moves, t.geometry_tolerance, t.loss_tolerance).sum())
    if diverged:
        return Label.DIVERGED, f"{diverged} of {e.seeds} seeds diverged."
    if moving > t.not_converged_share * e.seeds:
        return Label.NOT_CONVERGED, f"{moving} of {e.seeds} seeds still moved at the end."
    if e.undefined > t.undefined_share * e.seeds or e.undefined == e.seeds:
        reason = f"{e.undefined} of {e.seeds} seeds represent fewer than two features."
        return Label.UNDEFINED, reason
    return None


def apply_rule(e: Evidence, p: PValues, t: Thresholds) -> tuple[Label, str]:
    """The rule: the first line that matches wins. `p` is corrected; NaN is no evidence."""
    if stopped := unjudged(e, t):
        return stopped
    squared, positive = e.squared_interference.value, e.positive_interference.value
    index = e.minimisation_index.value
    if is_flat(e, t):
        label = Label.COLLAPSED if e.mean_cosine > t.collapsed_cosine else Label.LOW_RANK
        spans = f"The directions span {e.effective_rank:.2f} of {e.n_active:g} dimensions"
        return label, f"{spans}, with a mean cosine of {e.mean_cosine:.2f}."
    above = [
        f"{name} = {number(value)} is above random directions (p = {chance:.2g})"
        for name, value, chance in (
            ("T", squared, p.T_above_random),
            ("P", positive, p.P_above_random),
        )
        if chance < t.alpha
    ]
    below = {
        name: f"{name} = {number(value)} is below random directions (p = {chance:.2g})"
        for name, value, chance in (
            ("T", squared, p.T_below_random),
            ("P", positive, p.P_below_random),
        )
        if chance < t.alpha
    }
    if above:
        if "T" in below:
            return Label.CONE, f"{' and '.join(above)}, while {below['T']}."
        return Label.SEEKING, f"{' and '.join(above)}."
    if not below:
        values = f"T = {number(squared)} and P = {number(positive)}"
        return Label.RANDOM, f"{values} are within what random directions give."
    so = " and ".join(below.values())
    goal = Label.NO_SUPERPOSITION if e.n_represented <= e.n_active else Label.MINIMISING
    if index > t.minimising_index:
        return goal, f"{so}, and the index {number(index)} is above {t.minimising_index:g}."
    # A tight frame has the least squared interference there is. P must be below random for
    # certain: it is not enough that its mean happens to be under 1.
    if squared < t.minimising_squared and "P" in below:
        return goal, f"{so}, and T is under {t.minimising_squared:g}."
    short = f"the index {number(index)} is not above {t.minimising_index:g}"
    return Label.PARTIAL, f"{so}, but {short} and T is not under {t.minimising_squared:g}."
