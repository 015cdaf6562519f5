"""The two rules for a claim about a metric: its level, and where it crosses a level.

A rule knows its number of comparisons before it decides.
"""

import numpy as np

from toysup.claims.crossing import Crossing, find_crossing
from toysup.claims.rule_result import RuleResult, uncounted
from toysup.claims.truth import Truth
from toysup.claims.units import Units
from toysup.spec.claim import BY_SEEDS, Claim, Quantifier, Seeds, required
from toysup.verdict.statistics import Interval, student_interval

UNKNOWN = Interval(np.nan, np.nan, np.nan)


def interval_of(values: np.ndarray, confidence: float, claim: Claim) -> Interval:
    """The mean over seeds of (..., seeds) with its interval; of one number, that number."""
    if claim.seeds != Seeds.ALL:
        return Interval(*[values[..., 0]] * 3)
    return student_interval(values, confidence)


class ByMetric:
    """A metric, or its difference from other conditions, is above, below or near a number."""

    def __init__(self, claim: Claim, units: Units):
        self.claim = claim
        self.values, self.extrapolated, self.conditions, self.not_at_stake = compare(claim, units)
        if claim.holds == Quantifier.MEAN:
            self.extrapolated, _ = average(self.extrapolated, self.conditions)
            self.values, self.conditions = average(self.values, self.conditions)

    @property
    def comparisons(self) -> int:
        return len(self.values) if self.claim.seeds == Seeds.ALL else 0

    @property
    def of_what(self) -> str:
        """What the effect is of, in words."""
        if self.claim.seeds != Seeds.ALL:
            difference = "" if self.claim.other is None else "difference of "
            return f"{BY_SEEDS[self.claim.seeds]} {difference}{self.claim.metric}"
        return f"{'mean' if self.claim.other is None else 'difference'} of {self.claim.metric}"

    def decide(self, confidence: float) -> RuleResult:
        known = np.isfinite(interval_of(self.values, confidence, self.claim).low)
        truths, extrapolated = (
            self.truths(values, confidence) for values in (self.values, self.extrapolated)
        )
        return RuleResult(
            truths=if_stable(truths, extrapolated),
            unjudged=int((~known).sum()),
            conditions=self.conditions,
            effect=self.mean(known, confidence) if known.any() else UNKNOWN,
            unit=self.of_what,
            not_at_stake=self.not_at_stake,
        )

    def truths(self, values: np.ndarray, confidence: float) -> list[Truth]:
        """Whether each unit's interval agrees with the claim."""
        interval, claim = interval_of(values, confidence, self.claim), self.claim
        # An interval of width 0 may lie on the level. This is neither above nor below.
        if claim.above is not None:
            true, false = interval.low > claim.above, interval.high <= claim.above
        elif claim.below is not None:
            true, false = interval.high < claim.below, interval.low >= claim.below
        else:
            near, within = required(claim.near), required(claim.within)
            low, high = near - within, near + within
            true = (interval.low >= low) & (interval.high <= high)
            false = (interval.high < low) | (interval.low > high)
        return [True if t else False if f else None for t, f in zip(true, false, strict=True)]

    def mean(self, known: np.ndarray, confidence: float) -> Interval:
        """The mean over conditions, with its interval over seeds; of one seed each, the range."""
        values = self.values[known]
        if self.claim.seeds != Seeds.ALL:
            return Interval(*(float(f(values)) for f in (np.mean, np.min, np.max)))
        return student_interval(values.mean(axis=0), confidence)


def if_stable(truths: list[Truth], extrapolated: list[Truth]) -> list[Truth]:
    """The truths that the extrapolated metric shares; the others are unknown."""
    return [a if a == b else None for a, b in zip(truths, extrapolated, strict=True)]


def compare(
    claim: Claim, units: Units
) -> tuple[np.ndarray, np.ndarray, list[tuple[int, ...]], int]:
    """The values to compare with the level, the extrapolated ones, (units, seeds) both, the
    conditions behind each unit, and the number of units with nothing at stake."""
    both = units.metric(required(claim.metric), claim.seeds)
    chosen, idle = units.select(claim.rows), uncounted(claim, units)
    if claim.other is None:
        places = np.flatnonzero(chosen & ~idle).tolist()
        values, extrapolated = (column[places] for column in both)
        count = int((chosen & idle).sum())
        return values, extrapolated, [(units.condition(place),) for place in places], count
    partners_of = units.partners(chosen, claim.other, strict=claim.reference is not None)
    partners = at_stake(partners_of, idle)
    values, extrapolated = (differences(column, partners) for column in both)
    conditions = [(units.condition(place),) for place in partners]
    return values, extrapolated, conditions, len(partners_of) - len(partners)


def at_stake(partners: dict[int, list[int]], idle: np.ndarray) -> dict[int, list[int]]:
    """Unit -> partners, where something is at stake on both sides.

    A unit that never had a partner stays, and is not judged.
    """
    left = {p: [o for o in others if not idle[o]] for p, others in partners.items() if not idle[p]}
    return {place: others for place, others in left.items() if others or not partners[place]}


def differences(values: np.ndarray, partners: dict[int, list[int]]) -> np.ndarray:
    """Each unit's values minus the mean of its partners', (units, seeds)."""
    rows = [
        values[place] - values[others].mean(axis=0) if others else np.full_like(values[0], np.nan)
        for place, others in partners.items()
    ]
    return np.array(rows).reshape(-1, values.shape[1])


def average(values: np.ndarray, conditions: list) -> tuple[np.ndarray, list[tuple[int, ...]]]:
    """The mean over conditions as one unit, (1, seeds), and the conditions behind it."""
    if not len(values):
        return values, conditions
    return values.mean(axis=0, keepdims=True), [tuple(c for behind in conditions for c in behind)]


class ByCrossing:
    """A metric crosses a level between two values of a setting."""

    def __init__(self, claim: Claim, units: Units):
        self.claim = claim
        along = required(claim.along)
        both = units.metric(required(claim.metric), claim.seeds)
        chosen, idle = units.select(claim.rows) & units.has[along], uncounted(claim, units)
        places = np.flatnonzero(chosen & ~idle).tolist()
        self.not_at_stake = int((chosen & idle).sum())
        one_curve = claim.holds == Quantifier.MEAN  # of the means over all other settings
        others = [] if one_curve else [name for name in units.names if name != along]
        self.curves = []  # the points, the metric and its extrapolation (points, seeds), conditions
        for members in units.group_alike(places, others):
            points = units.group_by(members, (along,))
            order = sorted(points)
            values, extrapolated = (
                np.array([v[points[x]].mean(axis=0) for x in order]) for v in both
            )
            conditions = tuple(units.condition(p) for x in order for p in points[x])
            self.curves.append((np.array([x for (x,) in order]), values, extrapolated, conditions))

    @property
    def comparisons(self) -> int:
        every = self.claim.seeds == Seeds.ALL
        return sum(len(x) for x, *_ in self.curves) if every else 0

    def decide(self, confidence: float) -> RuleResult:
        crossings = [self.crossing(x, values, confidence) for x, values, _, _ in self.curves]
        extrapolated = [self.crossing(x, values, confidence) for x, _, values, _ in self.curves]
        at = [f.at for f in crossings if np.isfinite(f.at.value)]
        effect = UNKNOWN
        if at:
            mean = float(np.mean([i.value for i in at]))
            effect = Interval(mean, min(i.low for i in at), max(i.high for i in at))
        return RuleResult(
            truths=if_stable([f.truth for f in crossings], [f.truth for f in extrapolated]),
            unjudged=sum(not np.isfinite(values).any() for _, values, _, _ in self.curves),
            conditions=[conditions for *_, conditions in self.curves],
            effect=effect,
            unit=f"{self.claim.along} where {self.claim.metric} passes {self.claim.crosses:g}",
            not_at_stake=self.not_at_stake,
        )

    def crossing(self, x: np.ndarray, values: np.ndarray, confidence: float) -> Crossing:
        band = interval_of(values, confidence, self.claim)
        return find_crossing(x, band, required(self.claim.crosses), required(self.claim.between))
