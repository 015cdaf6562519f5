"""The result of a claim's rule over the conditions that the claim is about."""

from dataclasses import dataclass

import numpy as np

from toysup.claims.truth import Truth
from toysup.claims.units import Units
from toysup.spec.claim import Claim
from toysup.verdict.statistics import Interval

# Where the loss does not depend on interference, the value of such a metric is chance.
INTERFERENCE_METRICS = (
    "squared_interference",
    "positive_interference",
    "minimisation_index",
    "exponential_index",
)


@dataclass(frozen=True)
class RuleResult:
    """One truth per condition, or per curve over conditions, and the effect over all of them."""

    truths: list[Truth]
    unjudged: int  # unknown truths that have no interval
    conditions: list[tuple[int, ...]]  # behind each truth
    effect: Interval
    unit: str
    not_at_stake: int = 0  # conditions that are left out: see `verdict.stake`


def about_interference(claim: Claim) -> bool:
    """Whether a claim is about interference, and so counts only where that affects the loss."""
    return claim.verdict is not None or claim.metric in INTERFERENCE_METRICS


def uncounted(claim: Claim, units: Units) -> np.ndarray:
    """Which units a claim does not count, (units,): if about interference, those not at stake."""
    return units.idle & about_interference(claim)
