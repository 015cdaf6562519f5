"""The rule for a claim about verdicts."""

from collections.abc import Collection

import numpy as np

from toysup.claims.rule_result import RuleResult, uncounted
from toysup.claims.truth import Truth
from toysup.claims.units import Units
from toysup.spec.claim import Claim, required
from toysup.spec.label import JUDGED, MINIMISES, OPEN
from toysup.verdict.statistics import Interval


class ByVerdict:
    """True of a condition if the claim names its verdict.

    The rule adds no comparisons, because the verdicts are already corrected for their number.
    A label outside `judged` gives no truth. A label in `open_labels` leaves open whether the
    directions minimise, so the truth of a claim that they do is unknown there.
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

    def decide(self, confidence: float) -> RuleResult:
        chosen, idle = self.units.select(self.claim.rows), uncounted(self.claim, self.units)
        keys = [self.units.key(place) for place in np.flatnonzero(chosen & ~idle).tolist()]
        labels = [self.labels[key] for key in keys]
        truths = [self.truth(label) for label in labels]
        return RuleResult(
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
        about_minimising = any(named in MINIMISES for named in self.verdict)
        return (
            None
            if label not in self.judged or (about_minimising and label in self.open_labels)
            else False
        )


def share(truths: list[Truth]) -> Interval:
    """The share of known truths that are true.

    The bounds are the share of all truths if every unknown one is false, and if every one is true.

    >>> share([True, False, None, None])
    Interval(value=0.5, low=0.25, high=0.75)
    """
    true, unknown, count = truths.count(True), truths.count(None), len(truths)
    if count == unknown:
        return Interval(np.nan, 0.0, 1.0)
    return Interval(true / (count - unknown), true / count, (true + unknown) / count)
