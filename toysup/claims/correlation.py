"""Whether two metrics go together over the conditions of a claim."""

import numpy as np

from toysup.claims.rule_result import uncounted
from toysup.claims.rules import ByMetric
from toysup.claims.units import Units
from toysup.spec.claim import BY_SEEDS, Claim, required


def correlation(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pearson's correlation over conditions, (seeds,), of (conditions, seeds); NaN where either is
    unknown in some condition, or the same in all of them.

    >>> correlation(np.array([[1.0], [2.0], [4.0]]), np.array([[-2.0], [-4.0], [-8.0]])).round(6)
    array([-1.])
    """
    if not len(x):
        return np.full(x.shape[1], np.nan)
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    scale = np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
    return np.where(scale > 0, (x * y).sum(axis=0) / np.where(scale > 0, scale, 1), np.nan)


class ByCorrelation(ByMetric):
    """The correlation of two metrics over conditions is above or below a number."""

    def __init__(self, claim: Claim, units: Units):
        self.claim = claim
        chosen, idle = units.select(claim.rows), uncounted(claim, units)
        places = np.flatnonzero(chosen & ~idle)
        names = required(claim.metric), required(claim.correlates)
        of_metrics = [units.metric(name, claim.seeds) for name in names]
        self.values, self.extrapolated = (
            correlation(*(column[places] for column in columns))[None]
            for columns in zip(*of_metrics, strict=True)
        )
        self.conditions = [tuple(units.condition(place) for place in places.tolist())]
        self.not_at_stake = int((chosen & idle).sum())

    @property
    def of_what(self) -> str:
        words = f"correlation of {self.claim.metric} with {self.claim.correlates}"
        return f"{BY_SEEDS.get(self.claim.seeds, '')} {words}".strip()
