"""The rule of a verdict."""

from collections.abc import Collection

import numpy as np

from toysup.claims.found import Found, left_out
from toysup.claims.truth import Truth
from toysup.claims.units import Units
from toysup.spec.claim import Claim, required
from toysup.spec.label import JUDGED, MINIMISES, OPEN
from toysup.verdict.statistics import Interval


class ByVerdict:
    """A condition's verdict is one of those that the claim names. It makes no comparison of its
    own: the verdicts are corrected for how many they are already.

    `judged` are the labels that say something. Those of them in `open_labels` leave open whether
    the directions minimise: a claim that they do is neither true nor false of such a condition.
    """

    comparisons = 0

    def __init__(
        self,
        claim: Claim,
        units: Units,
        labels: dict[tuple, str],
        judged: Collection[str] = JUDGED,
        open_labels: Collection[str] = OPEN,
    ):
        self.claim, self.units, self.labels = claim, units, labels
        self.verdict = required(claim.verdict)
        self.judged, self.open_labels = judged, open_labels

    def decide(self, confidence: float) -> Found:
        chosen, idle = self.units.chosen(self.claim.rows), left_out(self.claim, self.units)
        keys = [self.units.key(place) for place in np.flatnonzero(chosen & ~idle).tolist()]
        labels = [self.labels[key] for key in keys]
        truths = [self.truth(label) for label in labels]
        return Found(
            truths=truths,
            unjudged=sum(label not in self.judged for label in labels),
            conditions=[(condition,) for condition, _ in keys],
            effect=share(truths),
            unit="share of conditions",
            not_at_stake=int((chosen & idle).sum()),
        )

    def truth(self, label: str) -> Truth:
        if label in self.verdict:
            return True
        about = any(named in MINIMISES for named in self.verdict)
        return None if label not in self.judged or (about and label in self.open_labels) else False


def share(truths: list[Truth]) -> Interval:
    """The share of the judged that is true, between what it is of all if the rest is false or true.

    >>> share([True, False, None, None])
    Interval(value=0.5, low=0.25, high=0.75)
    """
    true, unknown, count = truths.count(True), truths.count(None), len(truths)
    if count == unknown:
        return Interval(np.nan, 0.0, 1.0)
    return Interval(true / (count - unknown), true / count, (true + unknown) / count)
