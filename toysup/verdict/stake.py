"""Whether the loss of a condition depends on its directions, and whether it learned anything.

A condition is not counted if its loss is at chance, or if random directions would do as well: its
geometry was then not learned. Reports still show it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.measure.outcome import DIVERGED
from toysup.verdict.medians import median_interval
from toysup.verdict.statistics import Interval

AT_CHANCE = 0.001  # nothing was learned if the loss is less than this share below chance
SIGNIFICANCE = 0.01  # one of a hundred conditions seems to have a stake by chance
NOTHING, CHANCE = "nothing at stake", "at chance"
COLUMNS = ("loss", "chance", "stake", "stake_error")


@dataclass(frozen=True)
class Stake:
    """The loss, the loss at chance, and the increase of the loss with random directions.

    Medians over the usable seeds; NaN if unknown.
    """

    loss: float
    chance: float
    stake: Interval
    idle: str  # why the condition is not counted; "" if it is


def at_chance(loss: float, chance: float) -> bool:
    """Whether a loss is no better than that of a code without information; False for NaN."""
    return loss >= chance - AT_CHANCE * max(abs(loss), abs(chance))


def median_of_known(values: np.ndarray) -> float:
    """The median of the finite values; NaN if there are none."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else np.nan


def majority(flags: np.ndarray) -> bool:
    """Whether more than half are true; False if there are none."""
    return bool(2 * flags.sum() > len(flags))


def chance_of_stake(stake: np.ndarray, error: np.ndarray) -> np.ndarray:
    """The p-value of each seed's stake if nothing is at stake, `(seeds,)`.

    The distribution is normal, with the seed's standard error over samples. Without an error, any
    increase counts as a stake. There is one draw of random directions per seed, so that a seed may
    have a stake by luck.
    """
    from scipy.special import ndtr

    known = np.isfinite(error) & (error > 0) & np.isfinite(stake)
    z = np.divide(stake, error, out=np.where(stake > 0, np.inf, -np.inf), where=known)
    return ndtr(-z)


def is_nothing(stake: np.ndarray, error: np.ndarray) -> bool:
    """Whether nothing is at stake in most seeds; False if most stakes are unknown."""
    from scipy.special import bdtrc

    known = ~np.isnan(stake)
    if not majority(known):
        return False
    chances = np.sort(chance_of_stake(stake[known], error[known]))
    smallest = len(chances) // 2  # the least significant seed of the smallest majority
    return bool(bdtrc(smallest, len(chances), chances[smallest]) >= SIGNIFICANCE)


def is_at_chance(loss: np.ndarray, chance: np.ndarray) -> bool:
    """Whether the median seed is at chance; False if chance is mostly unknown. A loss that is not
    finite counts as no better than chance."""
    known = np.isfinite(chance)
    lost = np.where(np.isfinite(loss), loss, np.inf)
    return majority(known) and at_chance(
        float(np.median(lost[known])), float(np.median(chance[known]))
    )


def stake_of(loss, chance, stake, error) -> Stake:
    """The stake of a condition, from the columns of that name of its usable seeds, `(seeds,)` each.

    A majority of seeds decides: ten seeds that are each two standard errors above 0 are stronger
    evidence than one.
    """
    known = median_interval(stake[np.isfinite(stake)])
    nothing = NOTHING if is_nothing(stake, error) else ""
    idle = CHANCE if is_at_chance(loss, chance) else nothing
    return Stake(median_of_known(loss), median_of_known(chance), known, idle)


def idle_conditions(rows: pd.DataFrame) -> frozenset[tuple[int, str]]:
    """The (condition, directions) of results in which nothing is at stake.

    They are those of the verdicts, without computing verdicts, which many claims do not need.
    """
    found = set()
    if not {"chance", "stake"} & set(rows.columns):  # a sweep that measures only directions
        return frozenset()
    read = [*KEY, "outcome", "n_represented", *(name for name in COLUMNS if name in rows)]
    for key, group in rows[read].groupby(KEY, sort=False):
        usable = group[(group["outcome"] != DIVERGED) & (group["n_represented"] >= 2)]
        if stake_of(*(column(usable, name) for name in COLUMNS)).idle:
            found.add(key)
    return frozenset(found)


def column(rows: pd.DataFrame, name: str) -> np.ndarray:
    """A column as numbers; NaN if the results do not have it."""
    return rows[name].to_numpy(float) if name in rows else np.full(len(rows), np.nan)
