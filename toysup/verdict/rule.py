"""The rule that names what a condition's directions do; the first line that matches wins.

Every number that decides is a field of `Thresholds`. Numbers are medians over seeds; what is tested
is what most seeds show, against nulls with as many directions in as many dimensions.
"""

from collections.abc import Sequence

import numpy as np

from toysup.measure.outcome import DIVERGED, still_moving
from toysup.spec.label import MINIMISES, UNJUDGED, Label
from toysup.verdict.chances import ROUNDING, PValues
from toysup.verdict.minimises import minimises_in_most
from toysup.verdict.seen import Geometry, number
from toysup.verdict.thresholds import Thresholds

__all__ = ["MINIMISES", "UNJUDGED", "Geometry", "Label", "apply_rule", "unjudged"]


def unjudged(
    outcomes: dict[str, int], moves: np.ndarray, undefined: int, t: Thresholds
) -> tuple[Label, str] | None:
    """Why a condition is not judged at all, if it is not.

    `moves` `(seeds, 3)` is how far the geometry and the loss of each seed that did not diverge
    moved, and whether its training has begun; `undefined` seeds represent fewer than two features.
    """
    seeds, diverged = sum(outcomes.values()), outcomes.get(DIVERGED, 0)
    geometry, loss, begun = np.asarray(moves, dtype=float).reshape(-1, 3).T
    tolerances = t.geometry_tolerance, t.loss_tolerance
    moving = int(still_moving(geometry, loss, begun == 1, *tolerances).sum())
    if diverged:
        return Label.DIVERGED, f"{diverged} of {seeds} seeds diverged."
    if moving > t.not_converged_share * seeds:
        return Label.NOT_CONVERGED, f"{moving} of {seeds} seeds still moved at the end."
    if undefined > t.undefined_share * seeds or undefined == seeds:
        return Label.UNDEFINED, f"{undefined} of {seeds} seeds represent fewer than two features."
    return None


def is_flat(g: Geometry, p: PValues, t: Thresholds) -> bool:
    """Whether the directions leave out dimensions that they could use, and more than random ones:
    a high T is a low effective rank. In one dimension nothing is left out, and features share it:
    there it is whether they all go one way."""
    if g.d_hidden == 1:
        one_way = g.mean_cosine > t.collapsed_cosine and p.P_above_random < t.alpha
        return g.n_represented > 2 and one_way
    plane = min(g.d_hidden, round(g.n_represented)) == 2
    # Antipodal pairs that leave half of their room have exactly half of the rank.
    low = g.rank_share < (t.plane_rank_share if plane else t.rank_share) - ROUNDING
    return low and p.T_above_random < t.alpha


def among(g: Geometry) -> str:
    """Of how many features a verdict is, where some are dropped: that minimises nothing."""
    dropped = g.n_features - g.n_represented
    return f", among the {g.n_represented:g} of {g.n_features} features it keeps" if dropped else ""


def apply_rule(
    g: Geometry, p: PValues, t: Thresholds, seeds: Sequence[Geometry]
) -> tuple[Label, str]:
    """The label of directions that can be judged, and the reason; NaN is no evidence.

    `seeds` are those that `g` holds the medians of.
    """
    label, reason = named(g, p, t, seeds)
    return label, f"{reason}{among(g)}."


def named(g: Geometry, p: PValues, t: Thresholds, seeds: Sequence[Geometry]) -> tuple[Label, str]:
    """The rule itself."""
    squared, positive = g.squared_interference, g.positive_interference
    spans = f"the directions span {g.effective_rank:.2f} of {g.d_hidden} dimensions"
    if is_flat(g, p, t):
        label = Label.COLLAPSED if g.mean_cosine > t.collapsed_cosine else Label.LOW_RANK
        return label, f"{spans}, with a mean cosine of {g.mean_cosine:.2f}"
    if g.sharing_fraction > t.sharing_share and p.sharing_above_random < t.alpha:
        share = f"{g.sharing_fraction:.0%} of the features point the same way as another one"
        return Label.SHARING, f"{share} (p = {p.sharing_above_random:.2g})"
    tests = (
        ("T", squared, p.T_below_random, p.T_above_random),
        ("P", positive, p.P_below_random, p.P_above_random),
    )
    above, below = {}, {}
    for name, value, chance_below, chance_above in tests:
        words = f"{name} = {number(value)} is"
        if chance_above < t.alpha:
            above[name] = f"{words} above random directions (p = {chance_above:.2g})"
        if chance_below < t.alpha:
            below[name] = f"{words} below random directions (p = {chance_below:.2g})"
    if "P" in above:
        if "T" in below:
            return Label.CONE, f"{above['P']}, while {below['T']}"
        return Label.SEEKING, " and ".join(above.values())
    if not above and not below:
        values = f"T = {number(squared)} and P = {number(positive)}"
        return Label.RANDOM, f"{values}: no more seeds are above or below random than by chance"
    so, short = " and ".join(below.values()), short_of_the_nulls(g, p, t)
    if not short:
        found, short = minimises_in_most(g, t, seeds)
        if found:
            goal = Label.MINIMISING if is_superposition(g, t) else Label.NO_SUPERPOSITION
            return found if found == Label.NEAR else goal, f"{so}, and {short}"
    if above and not below:  # T alone: a high T is a low effective rank
        return Label.LOW_RANK, f"{above['T']}: {spans}"
    if squared < t.even_squared:
        return Label.EVEN, f"{so}, and T is under {t.even_squared:g}, but {short}"
    return Label.PARTIAL, f"{so}, but {short}"


def is_superposition(g: Geometry, t: Thresholds) -> bool:
    """Whether features interfere at all where they do so as little as they can.

    With no more features than dimensions they need not: there it is where T is not under
    `even_squared` and nearly all of it is of features that are opposite each other. P counts
    the positive cosines on a scale of half the size, so P / (2 T) is their share of T.
    """
    squared, positive = g.squared_interference, g.positive_interference
    opposite = 1 - positive / (2 * squared) if squared > 0 else 0.0
    return g.superposed or (squared >= t.even_squared and opposite > t.opposite_share)


def short_of_the_nulls(g: Geometry, p: PValues, t: Thresholds) -> str:
    """Which null the positive interference is not below; "" where it is below both."""
    positive = number(g.positive_interference)
    # With no more features than dimensions orthogonal columns are as good, and T sees them best.
    orthogonal = not g.superposed and g.squared_interference < t.even_squared
    if not (orthogonal or p.P_below_random < t.alpha):
        return f"P = {positive} is not below random directions"
    if g.superposed and not p.P_below_tight < t.alpha:
        chance = f"(p = {p.P_below_tight:.2g})"
        return f"P = {positive} is not below random tight frames {chance}: whitening gives that"
    return ""
