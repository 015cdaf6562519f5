"""The rows of a run as units: a unit is a condition with a set of directions, over its seeds."""

from functools import cached_property
from operator import itemgetter

import numpy as np
import pandas as pd

from toysup.columns import HALF
from toysup.columns.fixed import KEY
from toysup.measure.outcome import DIVERGED, NOT_CONVERGED, begun
from toysup.spec.cases import CASE_KEYS
from toysup.spec.claim import Seeds
from toysup.spec.selection import Selection, Space, matches, pairing_names
from toysup.verdict.basins import Basins, basins_of
from toysup.verdict.restarts import compared_loss, lowest_place, mean_without_worst
from toysup.verdict.rows import refuse_duplicates
from toysup.verdict.thresholds import Thresholds

Idle = frozenset[tuple[int, str]]  # (condition, directions) with nothing at stake
NONE_IDLE: Idle = frozenset()
NOT_CONVERGED_SHARE = Thresholds().not_converged_share


class Units:
    """One unit for each condition and set of directions, in order.

    `idle` has the units with nothing at stake: their loss does not depend on the directions.
    ToysupError where two rows have one place.
    """

    def __init__(self, rows: pd.DataFrame, settings: list[str], idle: Idle = NONE_IDLE):
        refuse_duplicates(rows)
        self.rows = rows
        names = [*CASE_KEYS, *settings]
        first = rows.drop_duplicates(KEY).sort_values(KEY)
        units = pd.MultiIndex.from_frame(first[KEY])
        seeds = np.unique(rows["seed"])
        self.shape = len(units), len(seeds)
        # The unit and the seed of each row.
        self.places = (
            units.get_indexer(pd.MultiIndex.from_frame(rows[KEY])),
            np.searchsorted(seeds, rows["seed"]),
        )
        self.table = first[[*KEY, *names]].reset_index(drop=True)
        self.names = ["directions", *names]
        self.conditions = self.table["condition"].to_numpy()
        self.values = {name: self.table[name].tolist() for name in self.names}
        # The column of a setting has NaN or None for conditions without the setting.
        self.has = {name: self.table[name].notna().to_numpy() for name in self.names}
        keys = zip(self.conditions.tolist(), self.values["directions"], strict=True)
        self.idle = np.array([key in idle for key in keys], dtype=bool)
        self.diverged = self.by_seed(rows["outcome"] == DIVERGED) == 1
        self.not_begun = self.by_seed(begun(rows["distance"], rows["learning_rate"])) == 0
        self.not_converged = self.by_seed(rows["outcome"] == NOT_CONVERGED) == 1

    def select(self, selection: Selection) -> np.ndarray:
        """Which units a selection matches, (units,)."""
        found = np.ones(len(self.table), dtype=bool)
        for name, wanted in selection.items():
            known = self.values.get(name, [None] * len(self.table))
            found &= [matches(value, wanted) for value in known]
        return found

    def metric(self, name: str, seeds: str = Seeds.ALL) -> tuple[np.ndarray, np.ndarray]:
        """A column of the results and its extrapolation, (units, seeds) both; NaN is unknown.

        The extrapolation adds the change from the half-length run to the whole run once more. A
        column that the half-length run lacks is taken as constant where the run converged, and as
        unknown elsewhere. A unit that diverged or never began to train is unknown.

        With other `seeds` than all the shape is (units, 1). Of the seed with the lowest loss, the
        change starts at the half-length run with the lowest loss, which may be another seed's, and
        so of the mean without the worst. The question is whether a sweep of half the length would
        give the same answer.
        """
        lowest = seeds == Seeds.LOWEST
        if name not in self.rows.columns:
            unknown = np.full((len(self.table), 1), np.nan)
            return unknown, unknown
        values, half = self.by_seed(self.rows[name]), self.half_length(name)
        if half is None:
            values = np.where(self.usable(lowest, converged=True), values, np.nan)
            half = values
        else:
            values = np.where(self.usable(lowest, converged=False), values, np.nan)
        if lowest:
            values, half = values[self.lowest], half[self.lowest_half]
        elif seeds == Seeds.MEDIAN:
            values, half = (np.median(of, axis=1, keepdims=True) for of in (values, half))
        elif seeds == Seeds.BUT_WORST:
            values = mean_without_worst(values, self.loss)
            half = mean_without_worst(half, self.half_loss)
        return values, values + (values - half)

    def usable(self, each_seed: bool, converged: bool) -> np.ndarray:
        """Which seeds, (units, seeds), or whole units, (units, 1), have a trained model to measure.

        With `converged`, it must also have converged.
        """
        if each_seed:
            return ~(self.diverged | self.not_begun | (self.not_converged & converged))

        def too_many(seeds):
            return seeds.mean(axis=1, keepdims=True) > NOT_CONVERGED_SHARE

        wrong = self.diverged.any(axis=1, keepdims=True) | too_many(self.not_begun)
        return ~(wrong | (too_many(self.not_converged) & converged))

    @cached_property
    def lowest(self) -> tuple[np.ndarray, np.ndarray]:
        """The index of each unit's seed with the lowest loss, into (units, seeds)."""
        return self.lowest_of(self.loss)

    @cached_property
    def lowest_half(self) -> tuple[np.ndarray, np.ndarray]:
        """The same for the half-length runs."""
        return self.lowest_of(self.half_loss)

    @cached_property
    def loss(self) -> np.ndarray:
        """The loss that each unit's seeds are compared by, (units, seeds)."""
        return self.by_seed(pd.Series(compared_loss(self.rows), index=self.rows.index))

    @cached_property
    def half_loss(self) -> np.ndarray:
        """What the half-length runs of each unit are compared by, (units, seeds): the gap to the
        least loss where it is known, else the measured loss; the loss of the whole runs if they
        have none."""
        loss, gap = self.half_length("loss"), self.half_length("optimality_gap")
        if loss is None:
            return self.loss
        if gap is not None:
            loss = np.where(np.isnan(gap), loss, gap)
        return np.where(self.diverged, np.inf, loss)

    def lowest_of(self, loss: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The index of each unit's lowest loss; `loss` is (units, seeds)."""
        return np.arange(len(loss))[:, None], lowest_place(loss)[:, None]

    @cached_property
    def basins(self) -> dict[int, Basins]:
        """Condition -> its two loss basins, for conditions whose seeds ended in two.

        All sets of directions of a model have the same loss, so any of them will do.
        """
        found = basins_of(self.loss.ravel(), [self.loss.shape[1]] * len(self.loss))
        return {self.condition(place): two for place, two in enumerate(found) if two}

    def half_length(self, name: str) -> np.ndarray | None:
        """A metric of the half-length runs, (units, seeds); None if they do not have it."""
        short = self.rows.get(HALF)
        if short is None or name not in short.iloc[0]:
            return None
        return self.by_seed(short.map(itemgetter(name)))

    def by_seed(self, column: pd.Series) -> np.ndarray:
        """A column of the rows as (units, seeds)."""
        values = np.full(self.shape, np.nan)
        values[self.places] = column.astype(float)
        return values

    def spaces(self, among: np.ndarray | None = None) -> list[Space]:
        """The values of each name, as the spec describes a sweep: one space for each case."""
        table = self.table if among is None else self.table[among]
        cases = table.groupby(list(CASE_KEYS), sort=False, dropna=False)
        return [
            {
                name: tuple(case[name].dropna().unique().tolist())
                for name in self.names
                if case[name].notna().any()
            }
            for _, case in cases
        ]

    def partners(self, here: np.ndarray, other: Selection, strict: bool) -> dict[int, list[int]]:
        """Unit -> the units of `other` that it is compared with: those with equal shared settings.

        A unit that `other` matches is left out.
        """
        there = self.select(other)
        here = here & ~there
        names = pairing_names(self.spaces(here), self.spaces(there), other, strict)
        kinds: dict[tuple, list[int]] = {}  # by the names of the settings that they have
        for place in np.flatnonzero(there).tolist():
            kinds.setdefault(tuple(n for n in names if self.has[n][place]), []).append(place)
        alike: dict[tuple, dict[tuple, list[int]]] = {}
        found = {}
        for place in np.flatnonzero(here).tolist():
            found[place] = []
            for theirs, places in kinds.items():
                both = tuple(n for n in theirs if self.has[n][place])
                if (theirs, both) not in alike:
                    alike[theirs, both] = self.group_by(places, both)
                found[place] += alike[theirs, both].get(self.values_of(place, both), [])
        return found

    def key(self, place: int) -> tuple[int, str]:
        """The condition and the set of directions of a unit."""
        return self.condition(place), self.values["directions"][place]

    def condition(self, place: int) -> int:
        return int(self.conditions[place])

    def values_of(self, place: int, names: tuple[str, ...]) -> tuple:
        return tuple(self.values[name][place] for name in names)

    def group_by(self, places: list[int], names: tuple[str, ...]) -> dict[tuple, list[int]]:
        """Units grouped by their values of `names`."""
        found: dict[tuple, list[int]] = {}
        for place in places:
            found.setdefault(self.values_of(place, names), []).append(place)
        return found

    def group_alike(self, places: list[int], names: list[str]) -> list[list[int]]:
        """Units in groups with the same values of `names`; missing values are equal."""
        found: dict[tuple, list[int]] = {}
        for place in places:
            key = tuple(self.values[n][place] if self.has[n][place] else None for n in names)
            found.setdefault(key, []).append(place)
        return list(found.values())
