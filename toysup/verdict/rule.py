"""The rule that gives a condition its label. The first case that matches wins.

Every number that decides is a field of `Thresholds`. Values are medians over seeds. Tests are of a
majority of seeds, against nulls with the same number of directions and dimensions.
"""

from collections.abc import Sequence

import numpy as np

from toysup.measure.outcome import DIVERGED, still_moving
from toysup.spec.label import MINIMISES, UNJUDGED, Label
from toysup.verdict.geometry import Geometry, number
from toysup.verdict.minimises import minimises_in_most
from toysup.verdict.p_values import PValues
from toysup.verdict.thresholds import Thresholds

__all__ = ["MINIMISES", "UNJUDGED", "Geometry", "Label", "apply_rule", "moves_on", "unjudged"]


def moves_on(moves: np.ndarray, t: Thresholds) -> np.ndarray:
    """Whether each seed still moves, `(seeds,)`. `moves`, `(seeds, 3)`, has its change of geometry
    and of loss, and whether its training has begun."""
    changes, loss, begun = moves.T
    return still_moving(changes, loss, begun == 1, t.geometry_tolerance, t.loss_tolerance)


def unjudged(
    outcomes: dict[str, int], moving: int, undefined: int, t: Thresholds
) -> tuple[Label, str] | None:
    """The label and the reason of a condition that is not judged; None if it is judged.

    `moving` seeds did not diverge and still move. `undefined` ones represent fewer than two
    features.
    """
    seeds, diverged = sum(outcomes.values()), outcomes.get(DIVERGED, 0)
    if diverged:
        return Label.DIVERGED, f"{diverged} of {seeds} seeds diverged."
    if moving > t.not_converged_share * seeds:
        return Label.NOT_CONVERGED, f"{moving} of {seeds} seeds still moved at the end."
    if undefined > t.undefined_share * seeds or undefined == seeds:
        return Label.UNDEFINED, f"{undefined} of {seeds} seeds represent fewer than two features."
    return None


def leaves_out_dimensions(g: Geometry, p: PValues, t: Thresholds) -> bool:
    """Whether the directions leave out more dimensions than random directions do.

    A high T means a low effective rank. In one dimension none can be left out; there the question
    is whether all features point the same way.
    """
    if g.d_hidden == 1:
        one_way = g.mean_cosine > t.collapsed_cosine and p.P_above_random < t.alpha
        return g.n_represented > 2 and one_way
    plane = min(g.d_hidden, round(g.n_represented)) == 2
    # Antipodal pairs in half of the dimensions have half of the rank, less what noise takes.
    low = g.rank_share < (t.plane_rank_share if plane else t.rank_share)
    return low and p.T_above_random < t.alpha


def kept_features(g: Geometry) -> str:
    """A clause that says how many features are represented, if not all are."""
    dropped = g.n_features - g.n_represented
    return f", among the {g.n_represented:g} of {g.n_features} features it keeps" if dropped else ""


def apply_rule(
    g: Geometry,
    p: PValues,
    t: Thresholds,
    seeds: Sequence[Geometry],
    too_few: bool = False,
) -> tuple[Label, str]:
    """The label of a judged condition, and the reason. NaN is no evidence.

    `g` has the medians over `seeds`. `too_few` says that P is low, and that it would take
    more seeds, or fewer conditions beside it, to show that it is below both nulls.
    """
    label, reason = labelled(g, p, t, seeds, too_few)
    return label, f"{reason}{kept_features(g)}."


def labelled(
    g: Geometry, p: PValues, t: Thresholds, seeds: Sequence[Geometry], too_few: bool
) -> tuple[Label, str]:
    """The label, and the reason without the clause on kept features."""
    squared, positive = g.squared_interference, g.positive_interference
    spans = f"the directions span {g.effective_rank:.2f} of {g.d_hidden} dimensions"
    if leaves_out_dimensions(g, p, t):
        label = Label.COLLAPSED if g.mean_cosine > t.collapsed_cosine else Label.LOW_RANK
        return label, f"{spans}, with a mean cosine of {g.mean_cosine:.2f}"
    if g.sharing_fraction > t.sharing_share and p.sharing_above_random < t.alpha:
        share = f"{g.sharing_fraction:.0%} of the features point the same way as another one"
        return Label.SHARING, f"{share} (p = {p.sharing_above_random:.2g})"
    # Where features crowd, even the best P is near 1: below whitening it is an effect of any size.
    least = 0.0 if g.superposed and p.P_below_tight < t.alpha else t.random_margin
    tests = (
        ("T", squared, t.random_margin, p.T_below_random, margin_of_T(g, t), p.T_above_random),
        ("P", positive, least, p.P_below_random, t.random_margin, p.P_above_random),
    )
    above, below = {}, {}
    for name, value, under, chance_below, over, chance_above in tests:
        words = f"{name} = {number(value)} is"
        if chance_above < t.alpha and value > 1 + over:
            above[name] = f"{words} above random directions (p = {chance_above:.2g})"
        if chance_below < t.alpha and value < 1 - under:
            below[name] = f"{words} below random directions (p = {chance_below:.2g})"
    if "P" in above:
        if "T" in below and g.mean_cosine > 0:
            return Label.CONE, f"{above['P']}, while {below['T']}"
        return Label.SEEKING, " and ".join([*above.values(), *below.values()])
    if not above and not below:
        values = f"T = {number(squared)} and P = {number(positive)}"
        return Label.RANDOM, f"{values}: {like_random(g, p, t)}"
    below_random = " and ".join(below.values())
    not_beaten = random_not_beaten(g, p, t) or frames_not_beaten(g, p, t)
    shortfall = not_beaten
    if too_few or not not_beaten:
        minimising, why = minimises_in_most(g, t, seeds)
        shortfall = not_beaten or why
        if minimising and not_beaten:
            few = f"{len(seeds)} seed{'s' * (len(seeds) > 1)} do{'es' * (len(seeds) == 1)} not show"
            return Label.NEAR, f"{below_random}, and {why}, but {few} it beside so many tests"
        if minimising:
            goal = Label.MINIMISING if in_superposition(g, t, seeds) else Label.NO_SUPERPOSITION
            return (
                minimising if minimising == Label.NEAR else goal,
                f"{below_random}, and {why}",
            )
    if above and not below:  # T alone: a high T is a low effective rank
        return Label.LOW_RANK, f"{above['T']}: {spans}"
    if squared < t.even_squared:
        return Label.EVEN, f"{below_random}, and T is under {t.even_squared:g}, but {shortfall}"
    return Label.PARTIAL, f"{below_random}, but {shortfall}"


def like_random(g: Geometry, p: PValues, t: Thresholds) -> str:
    """Why T and P count as random directions'."""
    differs = f"from random directions beyond chance and by {t.random_margin:g}"
    if p.T_above_random < t.alpha and g.squared_interference > 1 + t.random_margin:
        near = f"within {t.random_margin:.0%} of random directions'"
        return f"the sum of squared cosines is {near}, and P does not differ {differs}"
    return f"neither differs {differs}"


def in_superposition(g: Geometry, t: Thresholds, seeds: Sequence[Geometry]) -> bool:
    """Whether the medians are in superposition, and half of the seeds or more by themselves: the
    medians of T and of P may be from different seeds."""
    each = sum(is_superposition(seed, t) for seed in seeds)
    return is_superposition(g, t) and 2 * each >= len(seeds)


def margin_of_T(g: Geometry, t: Thresholds) -> float:
    """How far above 1 a T is an effect: where the sum of squared cosines is `random_margin` above
    that of random directions. T is on the scale of what that sum can fall by, which is little where
    features are many: (m - 1) / (r - 1) of it."""
    r, m = g.n_represented, g.d_hidden
    return t.random_margin * max(1.0, (r - 1) / (m - 1)) if m > 1 else t.random_margin


def is_superposition(g: Geometry, t: Thresholds) -> bool:
    """Whether directions that minimise are in superposition.

    They are with more features than dimensions. Otherwise they are if T is not under `even_squared`
    and nearly all of it comes from negative cosines. P counts the positive cosines on a
    scale of half the size, so P / (2 T) is their share of T.
    """
    squared, positive = g.squared_interference, g.positive_interference
    opposite = 1 - positive / (2 * squared) if squared > 0 else 0.0
    return g.superposed or (squared >= t.even_squared and opposite > t.opposite_share)


def random_not_beaten(g: Geometry, p: PValues, t: Thresholds) -> str:
    """A sentence that P is not below random directions; "" if it is."""
    # With no more features than dimensions, orthogonal columns suffice, and T detects them best.
    orthogonal = not g.superposed and g.squared_interference < t.even_squared
    if orthogonal or p.P_below_random < t.alpha:
        return ""
    return f"P = {number(g.positive_interference)} is not below random directions"


def frames_not_beaten(g: Geometry, p: PValues, t: Thresholds) -> str:
    """A sentence that P is not below random tight frames; "" if it is."""
    if not g.superposed or p.P_below_tight < t.alpha:
        return ""
    value, chance = number(g.positive_interference), f"(p = {p.P_below_tight:.2g})"
    return f"P = {value} is not below random tight frames {chance}: whitening gives that"
