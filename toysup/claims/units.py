"""The rows of a run as what a claim speaks of: conditions with a set of directions, over seeds."""

from functools import cached_property
from operator import itemgetter

import numpy as np
import pandas as pd

from toysup.columns import HALF
from toysup.columns.fixed import KEY
from toysup.measure.outcome import DIVERGED, NOT_CONVERGED, begun
from toysup.spec.cases import WHO
from toysup.spec.selection import Selection, Space, fits, paired_by
from toysup.verdict.basins import Basins, basins
from toysup.verdict.restarts import compared_loss, lowest_place
from toysup.verdict.thresholds import Thresholds

Idle = frozenset[tuple[int, str]]  # (condition, directions) of those with nothing at stake
NONE_IDLE: Idle = frozenset()
MOVING_SHARE = Thresholds().not_converged_share


class Units:
    """One unit for each condition and set of directions, in order, and its seeds.

    `idle` are those with nothing at stake: whatever their directions do, the loss is the same.
    """

    def __init__(self, rows: pd.DataFrame, settings: list[str], idle: Idle = NONE_IDLE):
        self.rows = rows
        names = [*WHO, *settings]
        first = rows.drop_duplicates(KEY).sort_values(KEY)
        self.table = first[[*KEY, *names]].reset_index(drop=True)
        self.names = ["directions", *names]
        self.conditions = self.table["condition"].to_numpy()
        self.values = {name: self.table[name].tolist() for name in self.names}
        # A setting that a condition lacks is NaN or None in its column.
        self.has = {name: self.table[name].notna().to_numpy() for name in self.names}
        keys = zip(self.conditions.tolist(), self.values["directions"], strict=True)
        self.idle = np.array([key in idle for key in keys], dtype=bool)
        self.lost = self.wide(rows["outcome"] == DIVERGED) == 1
        self.hardly_begun = self.wide(begun(rows["distance"], rows["learning_rate"])) == 0
        self.moving = self.wide(rows["outcome"] == NOT_CONVERGED) == 1

    def chosen(self, selection: Selection) -> np.ndarray:
        """Which units a selection chooses."""
        found = np.ones(len(self.table), dtype=bool)
        for name, wanted in selection.items():
            known = self.values.get(name, [None] * len(self.table))
            found &= [fits(value, wanted) for value in known]
        return found

    def metric(self, name: str, lowest: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """A column as (units, seeds), and what it would be after one more move like the last one.

        The last one is from the run of half the length to the whole. A column that the short run
        does not have is taken not to move where the run as a whole does not, and else not known.
        NaN is not known, as is all of a unit that diverged or is where it started. With `lowest`
        there is one column of seeds, of each unit's seed with the lowest loss, and the last move is
        from the short run with the lowest loss, which may be another seed's: what counts is whether
        a sweep of half the length would have said the same.
        """
        if name not in self.rows.columns:
            nothing = np.full((len(self.table), 1), np.nan)
            return nothing, nothing
        values, half = self.wide(self.rows[name]), self.half(name)
        if half is None:
            values = np.where(self.settled(lowest, still=True), values, np.nan)
            half = values
        else:
            values = np.where(self.settled(lowest, still=False), values, np.nan)
        if lowest:
            values, half = values[self.lowest], half[self.lowest_half]
        return values, values + (values - half)

    def settled(self, one_by_one: bool, still: bool) -> np.ndarray:
        """Whether there is a trained model to measure, and one that stands `still` if that is asked
        for: of each seed, or of a unit as a whole, (units, seeds) or (units, 1)."""
        if one_by_one:
            return ~(self.lost | self.hardly_begun | (self.moving & still))

        def too_many(seeds):
            return seeds.mean(axis=1, keepdims=True) > MOVING_SHARE

        wrong = self.lost.any(axis=1, keepdims=True) | too_many(self.hardly_begun)
        return ~(wrong | (too_many(self.moving) & still))

    @cached_property
    def lowest(self) -> tuple[np.ndarray, np.ndarray]:
        """The place, in (units, seeds), of each unit's seed with the lowest loss, (units, 1)."""
        loss = pd.Series(compared_loss(self.rows), index=self.rows.index)
        return self.lowest_of(self.wide(loss))

    @cached_property
    def lowest_half(self) -> tuple[np.ndarray, np.ndarray]:
        """The same of the runs of half the length, by their measured losses."""
        loss = self.half("loss")
        if loss is None:
            return self.lowest
        return self.lowest_of(np.where(self.lost, np.inf, loss))

    def lowest_of(self, loss: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The place of the lowest loss, (units, seeds), of each unit."""
        return np.arange(len(loss))[:, None], lowest_place(loss)[:, None]

    @cached_property
    def basins(self) -> dict[int, Basins]:
        """The two basins of loss of each condition whose seeds ended in two.

        The loss of a model is the same for each of its sets of directions, so that any will do.
        """
        loss = self.wide(pd.Series(compared_loss(self.rows), index=self.rows.index))
        found = {self.condition(place): basins(loss[place]) for place in range(len(loss))}
        return {condition: two for condition, two in found.items() if two}

    def half(self, name: str) -> np.ndarray | None:
        """A metric of the runs of half the length, (units, seeds), or None."""
        short = self.rows.get(HALF)
        if short is None or name not in short.iloc[0]:
            return None
        return self.wide(short.map(itemgetter(name)))

    def wide(self, column: pd.Series) -> np.ndarray:
        """A column of the rows as (units, seeds)."""
        found = self.rows[[*KEY, "seed"]].assign(value=column.astype(float))
        wide = found.pivot(index=KEY, columns="seed", values="value")
        return wide.reindex(pd.MultiIndex.from_frame(self.table[KEY])).to_numpy(dtype=float)

    def spaces(self, among: np.ndarray | None = None) -> list[Space]:
        """What the units are made of, as the spec describes a sweep: one space for each case."""
        table = self.table if among is None else self.table[among]
        cases = table.groupby(list(WHO), sort=False, dropna=False)
        return [
            {
                name: tuple(case[name].dropna().unique().tolist())
                for name in self.names
                if case[name].notna().any()
            }
            for _, case in cases
        ]

    def partners(self, here: np.ndarray, other: Selection, strict: bool) -> dict[int, list[int]]:
        """Unit -> the units of `other` that it is compared with: those alike in what both have.

        A unit of `other` itself is compared with nothing.
        """
        there = self.chosen(other)
        here = here & ~there
        names = paired_by(self.spaces(here), self.spaces(there), other, strict)
        kinds: dict[tuple, list[int]] = {}  # those that have the same settings, whatever they are
        for place in np.flatnonzero(there).tolist():
            kinds.setdefault(tuple(n for n in names if self.has[n][place]), []).append(place)
        alike: dict[tuple, dict[tuple, list[int]]] = {}
        found = {}
        for place in np.flatnonzero(here).tolist():
            found[place] = []
            for theirs, places in kinds.items():
                both = tuple(n for n in theirs if self.has[n][place])
                if (theirs, both) not in alike:
                    alike[theirs, both] = self.by_values(places, both)
                found[place] += alike[theirs, both].get(self.values_of(place, both), [])
        return found

    def key(self, place: int) -> tuple[int, str]:
        """The condition and the set of directions of a unit."""
        return self.condition(place), self.values["directions"][place]

    def condition(self, place: int) -> int:
        return int(self.conditions[place])

    def values_of(self, place: int, names: tuple[str, ...]) -> tuple:
        return tuple(self.values[name][place] for name in names)

    def by_values(self, places: list[int], names: tuple[str, ...]) -> dict[tuple, list[int]]:
        """Places by what they have of some names."""
        found: dict[tuple, list[int]] = {}
        for place in places:
            found.setdefault(self.values_of(place, names), []).append(place)
        return found

    def alike(self, places: list[int], names: list[str]) -> list[list[int]]:
        """Places in groups that have the same of some names, or lack the same."""
        found: dict[tuple, list[int]] = {}
        for place in places:
            key = tuple(self.values[n][place] if self.has[n][place] else None for n in names)
            found.setdefault(key, []).append(place)
        return list(found.values())
