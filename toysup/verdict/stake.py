"""Whether the loss of a condition depends on its directions, and whether it learned anything.

A condition is not counted if its loss is at chance, or if random directions would do as well: its
geometry was then not learned. Reports still show it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.measure.outcome import DIVERGED
from toysup.verdict.groups import by_count, chosen_of
from toysup.verdict.medians import median_intervals, medians_of
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


def at_chance(loss: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Whether each loss is no better than that of a code without information; False for NaN."""
    return loss >= chance - AT_CHANCE * np.maximum(np.abs(loss), np.abs(chance))


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


def are_nothing(stake: np.ndarray, error: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Whether nothing is at stake in most seeds of each group; False if most stakes are unknown."""
    from scipy.special import bdtrc

    known = ~np.isnan(stake)
    counts, found = chosen_of(known, sizes), np.zeros(len(sizes), dtype=bool)
    chances = chance_of_stake(stake[known], error[known])
    for groups, places in by_count(counts):
        ordered, seeds = np.sort(chances[places], axis=-1), places.shape[-1]
        smallest = seeds // 2  # the least significant seed of the smallest majority
        found[groups] = bdtrc(smallest, seeds, ordered[:, smallest]) >= SIGNIFICANCE
    return found & (2 * counts > sizes)


def are_at_chance(loss: np.ndarray, chance: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Whether the median seed of each group is at chance; False if chance is mostly unknown. A loss
    that is not finite counts as no better than chance."""
    known = np.isfinite(chance)
    counts, lost = chosen_of(known, sizes), np.where(np.isfinite(loss), loss, np.inf)
    middles = (medians_of(values[known], counts) for values in (lost, chance))
    return at_chance(*middles) & (2 * counts > sizes)


def of_finite(values: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The finite ones of the values of each group, and how many of each group they are."""
    known = np.isfinite(values)
    return values[known], chosen_of(known, sizes)


def stakes_of(loss, chance, stake, error, sizes) -> list[Stake]:
    """The stake of each condition, from the columns of that name of its usable seeds, `(rows,)`
    each: `sizes` says how many neighbouring rows are a condition.

    A majority of seeds decides: ten seeds that are each two standard errors above 0 are stronger
    evidence than one.
    """
    sizes = np.asarray(sizes, dtype=int)
    nothing = np.where(are_nothing(stake, error, sizes), NOTHING, "")
    idle = np.where(are_at_chance(loss, chance, sizes), CHANCE, nothing)
    columns = (
        medians_of(*of_finite(loss, sizes)).tolist(),
        medians_of(*of_finite(chance, sizes)).tolist(),
        median_intervals(*of_finite(stake, sizes)),
        idle.tolist(),
    )
    return [Stake(*of_one) for of_one in zip(*columns, strict=True)]


def idle_conditions(rows: pd.DataFrame) -> frozenset[tuple[int, str]]:
    """The (condition, directions) of results in which nothing is at stake.

    They are those of the verdicts, without computing verdicts, which many claims do not need.
    """
    if not {"chance", "stake"} & set(rows.columns):  # a sweep that measures only directions
        return frozenset()
    read = [*KEY, "outcome", "n_represented", *(name for name in COLUMNS if name in rows)]
    ordered = rows[read].sort_values(KEY, kind="stable")
    usable = (ordered["outcome"] != DIVERGED) & (ordered["n_represented"] >= 2)
    keys = ordered.groupby(KEY, sort=False).size()
    sizes = chosen_of(usable.to_numpy(), keys.to_numpy())
    loss, chance, stake, error = (column(ordered[usable], name) for name in COLUMNS)
    stakes = stakes_of(loss, chance, stake, error, sizes)
    return frozenset(key for key, one in zip(keys.index, stakes, strict=True) if one.idle)


def column(rows: pd.DataFrame, name: str) -> np.ndarray:
    """A column as numbers; NaN if the results do not have it."""
    return rows[name].to_numpy(float) if name in rows else np.full(len(rows), np.nan)
