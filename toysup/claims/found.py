"""What a rule finds of the conditions that a claim speaks of."""

from dataclasses import dataclass

import numpy as np

from toysup.claims.truth import Truth
from toysup.claims.units import Units
from toysup.spec.claim import Claim
from toysup.verdict.statistics import Interval

# What a metric of interference says of a condition whose loss does not depend on it is chance.
OF_INTERFERENCE = (
    "squared_interference",
    "positive_interference",
    "minimisation_index",
    "exponential_index",
)


@dataclass(frozen=True)
class Found:
    """What a rule says of each thing that it looks at, and of all of them together."""

    truths: list[Truth]
    unjudged: int  # of the unknown ones, those that no interval could be had of
    conditions: list[tuple[int, ...]]  # behind each of them
    effect: Interval
    unit: str
    not_at_stake: int = 0  # conditions that count neither way, and are left out


def about_interference(claim: Claim) -> bool:
    """Whether a claim is about how features interfere, which must matter to the loss to count."""
    return claim.verdict is not None or claim.metric in OF_INTERFERENCE


def left_out(claim: Claim, units: Units) -> np.ndarray:
    """Which units a claim about interference does not count: those with nothing at stake."""
    return units.idle & about_interference(claim)
