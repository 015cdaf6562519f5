"""The two rules of a metric: its level, and where it crosses one.

Each knows its comparisons before it decides.
"""

import numpy as np

from toysup.claims.crossing import Crossing, crossing
from toysup.claims.found import Found, left_out
from toysup.claims.truth import Truth
from toysup.claims.units import Units
from toysup.spec.claim import Claim, Holds, Seeds, required
from toysup.verdict.statistics import Interval, student_interval

UNKNOWN = Interval(np.nan, np.nan, np.nan)


def known_to_be(values: np.ndarray, confidence: float, claim: Claim) -> Interval:
    """What values, (..., seeds), say: their mean with its interval, or the one seed's as it is."""
    if claim.seeds == Seeds.LOWEST:
        return Interval(*[values[..., 0]] * 3)
    return student_interval(values, confidence)


class ByMetric:
    """A metric, or its difference from that of other conditions, is above or below a number, or
    near one."""

    def __init__(self, claim: Claim, units: Units):
        self.claim = claim
        self.values, self.later, self.conditions, self.not_at_stake = compared(claim, units)
        if claim.holds == Holds.MEAN:
            self.later, _ = averaged(self.later, self.conditions)
            self.values, self.conditions = averaged(self.values, self.conditions)

    @property
    def comparisons(self) -> int:
        return 0 if self.claim.seeds == Seeds.LOWEST else len(self.values)

    def decide(self, confidence: float) -> Found:
        known = np.isfinite(known_to_be(self.values, confidence, self.claim).low)
        now, later = (self.truths(values, confidence) for values in (self.values, self.later))
        what = "mean of " if self.claim.other is None else "difference of "
        if self.claim.seeds == Seeds.LOWEST:
            what = "lowest-loss " + what.removeprefix("mean of ")
        return Found(
            truths=agreed(now, later),
            unjudged=int((~known).sum()),
            conditions=self.conditions,
            effect=self.mean(known, confidence) if known.any() else UNKNOWN,
            unit=f"{what}{self.claim.metric}",
            not_at_stake=self.not_at_stake,
        )

    def truths(self, values: np.ndarray, confidence: float) -> list[Truth]:
        """What each interval says."""
        each, claim = known_to_be(values, confidence, self.claim), self.claim
        # An interval of no width may lie on the level itself, which is neither above nor below.
        if claim.above is not None:
            true, false = each.low > claim.above, each.high <= claim.above
        elif claim.below is not None:
            true, false = each.high < claim.below, each.low >= claim.below
        else:
            near, within = required(claim.near), required(claim.within)
            first, last = near - within, near + within
            true = (each.low >= first) & (each.high <= last)
            false = (each.high < first) | (each.low > last)
        return [True if t else False if f else None for t, f in zip(true, false, strict=True)]

    def mean(self, known: np.ndarray, confidence: float) -> Interval:
        """Over the conditions that can be compared, seed by seed; of one seed each, their range."""
        values = self.values[known]
        if self.claim.seeds == Seeds.LOWEST:
            return Interval(*(float(f(values)) for f in (np.mean, np.min, np.max)))
        return student_interval(values.mean(axis=0), confidence)


def agreed(now: list[Truth], later: list[Truth]) -> list[Truth]:
    """What is so now and would be after one more move like the last one."""
    return [a if a == b else None for a, b in zip(now, later, strict=True)]


def compared(
    claim: Claim, units: Units
) -> tuple[np.ndarray, np.ndarray, list[tuple[int, ...]], int]:
    """What is compared with the level, (units, seeds), what it would be after one more move like
    the last one, the conditions behind each, and how many have nothing at stake."""
    both = units.metric(required(claim.metric), lowest=claim.seeds == Seeds.LOWEST)
    here, idle = units.chosen(claim.rows), left_out(claim, units)
    if claim.other is None:
        places = np.flatnonzero(here & ~idle).tolist()
        values, later = (of_time[places] for of_time in both)
        count = int((here & idle).sum())
        return values, later, [(units.condition(place),) for place in places], count
    every = units.partners(here, claim.other, strict=claim.reference is not None)
    partners = at_stake(every, idle)
    values, later = (differences(of_time, partners) for of_time in both)
    conditions = [(units.condition(place),) for place in partners]
    return values, later, conditions, len(every) - len(partners)


def at_stake(partners: dict[int, list[int]], idle: np.ndarray) -> dict[int, list[int]]:
    """The comparisons in which something is at stake on both sides.

    One that never had a partner stays: it is not judged, for want of one.
    """
    left = {p: [o for o in others if not idle[o]] for p, others in partners.items() if not idle[p]}
    return {place: others for place, others in left.items() if others or not partners[place]}


def differences(values: np.ndarray, partners: dict[int, list[int]]) -> np.ndarray:
    """Of units and the mean of those that they are compared with, (units, seeds)."""
    rows = [
        values[place] - values[others].mean(axis=0) if others else np.full_like(values[0], np.nan)
        for place, others in partners.items()
    ]
    return np.array(rows).reshape(-1, values.shape[1])


def averaged(values: np.ndarray, conditions: list) -> tuple[np.ndarray, list[tuple[int, ...]]]:
    """All of it as one: the mean over conditions, seed by seed."""
    if not len(values):
        return values, conditions
    return values.mean(axis=0, keepdims=True), [tuple(c for some in conditions for c in some)]


class ByCrossing:
    """Where a metric passes a level along a setting is between two of its values."""

    def __init__(self, claim: Claim, units: Units):
        self.claim = claim
        along = required(claim.along)
        both = units.metric(required(claim.metric), lowest=claim.seeds == Seeds.LOWEST)
        here, idle = units.chosen(claim.rows) & units.has[along], left_out(claim, units)
        places = np.flatnonzero(here & ~idle).tolist()
        self.not_at_stake = int((here & idle).sum())
        whole = claim.holds == Holds.MEAN  # one curve, of the means over all other settings
        others = [] if whole else [name for name in units.names if name != along]
        self.curves = []  # the points, the metric at each (points, seeds) now and later, conditions
        for members in units.alike(places, others):
            points = units.by_values(members, (along,))
            order = sorted(points)
            now, later = (np.array([v[points[x]].mean(axis=0) for x in order]) for v in both)
            conditions = tuple(units.condition(p) for x in order for p in points[x])
            self.curves.append((np.array([x for (x,) in order]), now, later, conditions))

    @property
    def comparisons(self) -> int:
        lowest = self.claim.seeds == Seeds.LOWEST
        return 0 if lowest else sum(len(x) for x, *_ in self.curves)

    def decide(self, confidence: float) -> Found:
        found = [self.crossing(x, now, confidence) for x, now, _, _ in self.curves]
        later = [self.crossing(x, later, confidence) for x, _, later, _ in self.curves]
        at = [f.at for f in found if np.isfinite(f.at.value)]
        effect = UNKNOWN
        if at:
            mean = float(np.mean([i.value for i in at]))
            effect = Interval(mean, min(i.low for i in at), max(i.high for i in at))
        return Found(
            truths=agreed([f.truth for f in found], [f.truth for f in later]),
            unjudged=sum(not np.isfinite(now).any() for _, now, _, _ in self.curves),
            conditions=[conditions for *_, conditions in self.curves],
            effect=effect,
            unit=f"{self.claim.along} where {self.claim.metric} passes {self.claim.crosses:g}",
            not_at_stake=self.not_at_stake,
        )

    def crossing(self, x: np.ndarray, values: np.ndarray, confidence: float) -> Crossing:
        band = known_to_be(values, confidence, self.claim)
        return crossing(x, band, required(self.claim.crosses), required(self.claim.between))
