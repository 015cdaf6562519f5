"""The rule that names what a condition's directions do; the first line that matches wins.

Every number that decides is a field of `Thresholds`. Numbers are medians over seeds; what is tested
is what most seeds show, against nulls with as many directions in as many dimensions.
"""

from dataclasses import dataclass

import numpy as np

from toysup.measure.outcome import DIVERGED, still_moving
from toysup.spec.label import MINIMISES, UNJUDGED, Label
from toysup.verdict.chances import PValues
from toysup.verdict.thresholds import Thresholds

__all__ = ["MINIMISES", "UNJUDGED", "Geometry", "Label", "apply_rule", "unjudged"]


@dataclass(frozen=True)
class Geometry:
    """What the rule looks at: of one seed, or the medians over the usable seeds of a condition."""

    n_features: int
    n_represented: float
    n_active: float  # hidden dimensions in use
    squared_interference: float
    positive_interference: float
    index_least: float  # the index, for all that P* may be
    index_most: float
    exponential_least: float  # the same of the exponential potential
    exponential_most: float
    superposed: bool  # more features than dimensions, in most seeds
    beyond_whitening: (
        float  # from tight frames, 0, to the best code known, 1; NaN if not superposed
    )
    exponential_beyond_whitening: float
    sharing_fraction: float
    effective_rank: float
    rank_share: float  # effective rank over min(m, r)
    mean_cosine: float


def number(value: float) -> str:
    """Three decimals, without a minus sign on zero."""
    return f"{round(value, 3) + 0:.3f}" if value == value else "undefined"


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
    a high T is a low effective rank. More than two directions on one line always do."""
    if g.n_active == 1:
        return g.n_represented > 2
    plane = min(round(g.n_active), round(g.n_represented)) == 2
    low = g.rank_share < (t.plane_rank_share if plane else t.rank_share)
    return low and p.T_above_random < t.alpha


def among(g: Geometry) -> str:
    """Of how many features a verdict is, where some are dropped: that minimises nothing."""
    dropped = g.n_features - g.n_represented
    return f", among the {g.n_represented:g} of {g.n_features} features it keeps" if dropped else ""


def apply_rule(g: Geometry, p: PValues, t: Thresholds) -> tuple[Label, str]:
    """The label of directions that can be judged, and the reason; NaN is no evidence."""
    label, reason = named(g, p, t)
    return label, f"{reason}{among(g)}."


def named(g: Geometry, p: PValues, t: Thresholds) -> tuple[Label, str]:
    """The rule itself."""
    squared, positive = g.squared_interference, g.positive_interference
    if is_flat(g, p, t):
        label = Label.COLLAPSED if g.mean_cosine > t.collapsed_cosine else Label.LOW_RANK
        spans = f"the directions span {g.effective_rank:.2f} of {g.n_active:g} dimensions"
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
    if above:
        if "T" in below:
            return Label.CONE, f"{' and '.join(above.values())}, while {below['T']}"
        return Label.SEEKING, " and ".join(above.values())
    if not below:
        values = f"T = {number(squared)} and P = {number(positive)}"
        return Label.RANDOM, f"{values}: no more seeds are above or below random than by chance"
    so, short = " and ".join(below.values()), short_of_the_nulls(g, p, t)
    if not short:
        found, short = minimises(g, t)
        if found:
            even = squared < t.even_squared
            bare = not g.superposed and (even or squared != squared)
            goal = Label.NO_SUPERPOSITION if bare else Label.MINIMISING
            return found if found == Label.NEAR else goal, f"{so}, and {short}"
    if squared < t.even_squared:
        return Label.EVEN, f"{so}, and T is under {t.even_squared:g}, but {short}"
    return Label.PARTIAL, f"{so}, but {short}"


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


def minimises(g: Geometry, t: Thresholds) -> tuple[Label | None, str]:
    """Whether one of the indices is high enough, as MINIMISING, NEAR or None, and why.

    P's counts if that of the exponential potential is not low: P does not see how close the
    closest features are.
    """
    level = f"{t.minimising_index:g}"
    close = g.superposed and g.exponential_most <= t.exponential_floor
    by_packing = Index("the index", g.index_least, g.index_most, g.beyond_whitening)
    by_exponential = Index(
        "the index of the exponential potential",
        g.exponential_least,
        g.exponential_most,
        g.exponential_beyond_whitening,
    )
    counted = [by_exponential] if close else [by_packing, by_exponential]
    high = [i for i in counted if i.most > t.minimising_index]
    beyond = [i for i in high if not (g.superposed and i.beyond <= t.beyond_whitening)]
    for index in beyond:
        if index.least > t.minimising_index:
            return Label.MINIMISING, f"{index.name}, {index.shown}, is above {level}"
    for index in beyond:
        return Label.NEAR, f"{index.name}, {index.shown}, may be above {level}"
    if high:
        share = f"{number(high[0].beyond)} of the way from whitening to the optimum"
        return None, f"{high[0].name}, {high[0].shown}, is only {share}"
    if close and by_packing.most > t.minimising_index:
        least = f"is not above {t.exponential_floor:g}: the closest features are too close"
        return None, f"{by_exponential.name}, {by_exponential.shown}, {least}"
    return None, f"{by_packing.name}, {by_packing.shown}, is not above {level}"


@dataclass(frozen=True)
class Index:
    """An index in words: what it is for all that the optimum may be."""

    name: str
    least: float
    most: float
    beyond: float

    @property
    def shown(self) -> str:
        ends = [number(self.least), number(self.most)]
        return ends[0] if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"
