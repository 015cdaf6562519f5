"""A panel for each condition: a column for each value of the axis, a row for all that differs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.files import shown
from toysup.reports.axis import Axis
from toysup.reports.style import literal
from toysup.reports.words import label_of
from toysup.spec.cases import CASE_KEYS
from toysup.verdict.restarts import lowest

UNNAMED = ("objective",)  # its value says what it is


@dataclass(frozen=True)
class Panel:
    """One condition: where it is shown, its rows, and the one of its lowest-loss restart."""

    line: str
    column: str
    rows: pd.DataFrame
    best: pd.Series

    @property
    def W(self) -> np.ndarray:
        """The directions of the lowest-loss restart, (d_hidden, n_features)."""
        return matrix(self.best)


def matrix(row: pd.Series) -> np.ndarray:
    """The directions of a row, (d_hidden, n_features)."""
    return np.asarray(row["W"], float).reshape(int(row["d_hidden"]), int(row["n_features"]))


def panels(rows: pd.DataFrame, settings: Sequence[str], along: Axis) -> list[Panel]:
    """A panel for each condition and set of directions that was trained to an end, in order: line
    by line, and from dense to sparse or upwards within each."""
    best = lowest(rows)
    varied = [name for name in ("directions", *CASE_KEYS, *settings) if best[name].nunique() > 1]
    others = [name for name in varied if name != along.name]
    values = sorted(along.values, reverse=along.is_sparsity) if along.name in best else []
    found = []
    for _, row in best.iterrows():
        known = [name for name in others if pd.notna(row[name])]
        line = literal(", ".join(text_of(name, row[name]) for name in known))
        column = literal(label_of(along.name, row[along.name])) if values else ""
        rows_of_condition = rows[(rows[KEY] == row[KEY]).all(axis=1)]
        place = values.index(row[along.name]) if values else 0
        found.append((place, Panel(line, column, rows_of_condition, row)))
    lines = list(dict.fromkeys(panel.line for _, panel in found))
    found.sort(key=lambda item: (lines.index(item[1].line), item[0]))
    return [panel for _, panel in found]


def text_of(name: str, value) -> str:
    return shown.line(value) if name in UNNAMED else label_of(name, value)


def table(found: list[Panel]) -> tuple[list[str], list[str]]:
    """The headings of the lines and of the columns."""
    lines, columns = (dict.fromkeys(getattr(p, name) for p in found) for name in ("line", "column"))
    return list(lines), list(columns)


def groups(row: pd.Series) -> np.ndarray | None:
    """The group of each feature, (n_features,); None if features have no groups."""
    size = row.get("group_size")
    return None if pd.isna(size) else np.arange(int(row["n_features"])) // int(size)
