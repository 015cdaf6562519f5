"""Whether the directions of a condition matter to its loss, and whether it learned anything.

A condition that is at chance, or in which random directions would do as well, is shown, and counts
neither for nor against anything: whatever geometry it has was not learned.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.measure.outcome import DIVERGED
from toysup.verdict.medians import chance_of_at_least, median_interval
from toysup.verdict.statistics import Interval

AT_CHANCE = 0.001  # a loss that is lower than at chance by less than this share has learned nothing
SURE = 0.01  # what is at stake is seen by chance in one of a hundred conditions without
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


def most(flags: np.ndarray) -> bool:
    """Whether more than half are true; not of nothing."""
    return bool(2 * flags.sum() > len(flags))


def chance_of_stake(stake: np.ndarray, error: np.ndarray) -> np.ndarray:
    """The chance that nothing is at stake in a seed and it looks as if this much were, `(seeds,)`:
    normal, with the standard error of each over samples. Where that is not known, any gain is
    taken for one. One draw of random directions stands for all, so a seed may have a stake by luck.
    """
    from scipy.special import ndtr

    known = np.isfinite(error) & (error > 0) & np.isfinite(stake)
    z = np.divide(stake, error, out=np.where(stake > 0, np.inf, -np.inf), where=known)
    return ndtr(-z)


def is_nothing(stake: np.ndarray, error: np.ndarray) -> bool:
    """Whether most seeds show nothing at stake, if it is known of most of them."""
    known = ~np.isnan(stake)
    if not most(known):
        return False
    chances = np.sort(chance_of_stake(stake[known], error[known]))
    smallest = len(chances) // 2  # of the others in the smallest majority, this one shows least
    return chance_of_at_least(smallest + 1, np.full(len(chances), chances[smallest])) >= SURE


def is_at_chance(loss: np.ndarray, chance: np.ndarray) -> bool:
    """Whether the median seed is at chance, if chance is known of most. A loss that is not finite
    is no better."""
    known = np.isfinite(chance)
    lost = np.where(np.isfinite(loss), loss, np.inf)
    return most(known) and at_chance(float(np.median(lost[known])), float(np.median(chance[known])))


def stake_of(loss, chance, stake, error) -> Stake:
    """What is at stake, from the columns of that name of the usable seeds, `(seeds,)` each.

    What most seeds show decides, as for the directions: ten seeds that are each two standard
    errors above 0 say more than one.
    """
    known = median_interval(stake[np.isfinite(stake)])
    nothing = NOTHING if is_nothing(stake, error) else ""
    idle = CHANCE if is_at_chance(loss, chance) else nothing
    return Stake(middle(loss), middle(chance), known, idle)


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
