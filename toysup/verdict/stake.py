"""Whether the directions of a condition matter to its loss, and whether it learned anything.

A condition that is at chance, or in which random directions would do as well, is shown, and counts
neither for nor against anything: whatever geometry it has was not learned.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toysup.measure.outcome import DIVERGED
from toysup.verdict.medians import median_interval
from toysup.verdict.restarts import KEY
from toysup.verdict.statistics import Interval

AT_CHANCE = 0.001  # a loss that is lower than at chance by less than this share has learned nothing
SURE = 2.33  # standard errors of a seed's stake: chance passes them in one of a hundred
NOTHING, CHANCE = "nothing at stake", "at chance"
COLUMNS = ("loss", "chance", "stake", "stake_error")


@dataclass(frozen=True)
class Stake:
    """The loss beside the loss at chance, and what random directions would add to it.

    Medians over the usable seeds; NaN where they are not known.
    """

    loss: float
    chance: float
    stake: Interval
    idle: str  # why the condition counts for nothing; "" where it counts


def at_chance(loss: float, chance: float) -> bool:
    """Whether a loss is no better than that of a code that says nothing; NaN is not known to be."""
    return loss >= chance - AT_CHANCE * max(abs(loss), abs(chance))


def middle(values: np.ndarray) -> float:
    """The median of what is known, NaN of nothing."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else np.nan


def stake_of(loss, chance, stake, error) -> Stake:
    """What is at stake, from the columns of that name of the usable seeds, `(seeds,)` each."""
    known = median_interval(stake[np.isfinite(stake)])
    loss, chance = middle(loss), middle(chance)
    nothing = known.value <= SURE * middle(error)
    idle = CHANCE if at_chance(loss, chance) else NOTHING if nothing else ""
    return Stake(loss, chance, known, idle)


def idle_conditions(rows: pd.DataFrame) -> frozenset[tuple[int, str]]:
    """The (condition, directions) of results in which nothing is at stake.

    What a verdict says of it, without the verdicts, which many claims do not need.
    """
    found = set()
    if not {"chance", "stake"} & set(rows.columns):  # of directions alone
        return frozenset()
    for key, group in rows.groupby(KEY, sort=False):
        usable = group[(group["outcome"] != DIVERGED) & (group["n_represented"] >= 2)]
        if stake_of(*(column(usable, name) for name in COLUMNS)).idle:
            found.add(key)
    return frozenset(found)


def column(rows: pd.DataFrame, name: str) -> np.ndarray:
    """A column as numbers; NaN where the results do not have it."""
    return rows[name].to_numpy(float) if name in rows else np.full(len(rows), np.nan)
