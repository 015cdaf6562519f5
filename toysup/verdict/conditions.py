"""The conditions of results, side by side: which rows are a condition's, and which are usable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.verdict.groups import chosen_of, places_of
from toysup.verdict.rows import Rows, measure_rows, refuse_duplicates, shapes_of


@dataclass(frozen=True)
class Groups:
    """Conditions and sets of directions, side by side. The rows of each are neighbours."""

    firsts: Sequence[Mapping[Any, Any]]  # the first row of each in the results
    rows: Rows
    sizes: np.ndarray  # how many rows each has
    usable: Rows
    usable_sizes: np.ndarray

    @cached_property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """(r, m) of each usable row."""
        return shapes_of(self.usable)

    @cached_property
    def usable_places(self) -> list[slice]:
        """Where the usable rows of each are, among all usable rows."""
        return places_of(self.usable_sizes)


def groups_of(firsts: Sequence[Mapping[Any, Any]], rows: Rows, sizes: np.ndarray) -> Groups:
    """Groups of neighbouring rows: `firsts` has the first of each in the results."""
    usable = rows.usable
    return Groups(firsts, rows, sizes, rows.group(usable), chosen_of(usable, sizes))


def groups_in(rows: pd.DataFrame, represented: float) -> Groups | None:
    """The conditions and sets of directions of results, with features `represented` above that;
    None of no results."""
    if not len(rows):
        return None
    refuse_duplicates(rows)
    rows = rows.sort_values([*KEY, "seed"], ignore_index=True)
    starts = np.flatnonzero(~rows.duplicated(KEY).to_numpy())
    sizes = np.diff(np.append(starts, len(rows)))
    columns = [name for name in rows.columns if name not in ("W", "half")]
    firsts = rows.loc[starts, columns].to_dict("records")
    return groups_of(firsts, measure_rows(rows, represented), sizes)
