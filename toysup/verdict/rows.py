"""The numbers of each row of the results that a verdict needs, as arrays over the rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.errors import ToysupError
from toysup.measure.outcome import DIVERGED, begun
from toysup.metrics import in_blocks
from toysup.metrics.represented import represented
from toysup.verdict.directions import MEASURES, measure
from toysup.verdict.restarts import compared_loss

MOVES = ["geometry_change", "loss_change"]


def matrices(rows: pd.DataFrame) -> np.ndarray:
    """The W of each row, `(rows, d_hidden, n_features)`; NaN where a row has none."""
    m, n = int(rows["d_hidden"].iloc[0]), int(rows["n_features"].iloc[0])
    empty = np.full(m * n, np.nan)
    flat = [empty if W is None or np.size(W) != m * n else W for W in rows["W"]]
    return np.asarray(flat, dtype=float).reshape(-1, m, n)


@dataclass(frozen=True)
class Rows:
    """The numbers of each row, as arrays of shape (rows,).

    Arrays are used because pandas takes milliseconds per group, and there may be thousands.
    """

    d_hidden: np.ndarray
    seed: np.ndarray
    outcome: np.ndarray
    loss: np.ndarray
    compared_loss: np.ndarray
    moves: np.ndarray  # (rows, 3): the columns MOVES, and 1 if training has begun
    chance: np.ndarray
    stake: np.ndarray
    stake_error: np.ndarray
    mean_readout_unexplained: np.ndarray
    n_represented: np.ndarray  # from here on the order of `directions.MEASURES`
    n_active: np.ndarray
    squared_interference: np.ndarray
    positive_interference: np.ndarray
    exponential_energy: np.ndarray
    sharing_fraction: np.ndarray
    same_fraction: np.ndarray
    close_fraction: np.ndarray
    effective_rank: np.ndarray
    mean_cosine: np.ndarray

    @property
    def not_diverged(self) -> np.ndarray:
        return self.outcome != DIVERGED

    @property
    def usable(self) -> np.ndarray:
        return self.not_diverged & (self.n_represented >= 2)

    @property
    def rank_share(self) -> np.ndarray:
        return self.effective_rank / np.maximum(1, np.minimum(self.n_represented, self.d_hidden))

    def group(self, places) -> "Rows":
        return Rows(*(values[places] for values in vars(self).values()))


MEASURED = ("chance", "stake", "stake_error", "mean_readout_unexplained")


def measure_rows(rows: pd.DataFrame, threshold: float) -> Rows:
    """The `Rows` of results; W matrices of equal shape are measured together.

    A missing column of MEASURED is NaN, as in a sweep that measures only directions.
    """
    shown = partial(measure, threshold=threshold)
    measures = np.full((len(MEASURES), len(rows)), np.nan)
    for places, W in by_shape(rows):
        measures[:, places] = in_blocks([shown], W)[0].T
    missing = pd.Series(np.nan, index=rows.index)
    return Rows(
        rows["d_hidden"].to_numpy(),
        rows["seed"].to_numpy(),
        rows["outcome"].to_numpy(),
        rows["loss"].to_numpy(dtype=float),
        compared_loss(rows),
        np.column_stack([rows[MOVES], begun(rows["distance"], rows["learning_rate"])]).astype(
            float
        ),
        *(rows.get(name, missing).to_numpy(dtype=float) for name in MEASURED),
        *measures,
    )


def by_shape(rows: pd.DataFrame) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The places of the rows of each shape, and their W."""
    for places in rows.groupby(["d_hidden", "n_features"], sort=False).indices.values():
        yield np.asarray(places), matrices(rows.iloc[places])


def represent_others(rows: pd.DataFrame, one: float, other: float) -> np.ndarray:
    """Whether each row represents other features under one threshold than under another,
    `(rows,)`. Where it does not, all that is measured of it is the same."""
    differ = np.zeros(len(rows), dtype=bool)
    for places, W in by_shape(rows):
        differ[places] = (represented(W, one) != represented(W, other)).any(axis=-1)
    return differ


def refuse_duplicates(rows: pd.DataFrame) -> None:
    """Raise an error for a repeated row, which would count as two seeds."""
    place = [*KEY, "seed"]
    again = rows.loc[rows.duplicated(place), place]
    if len(again):
        first = ", ".join(f"{name} {value}" for name, value in again.iloc[0].items())
        raise ToysupError(
            f"the results: {len(again)} rows repeat the place of another, the first {first}. Give "
            "one row for each condition, set of directions and seed."
        )


def shapes_of(found: Rows) -> tuple[tuple[int, int], ...]:
    """(r, m) of each row: r represented directions in m dimensions."""
    r, m = (values.astype(int).tolist() for values in (found.n_represented, found.d_hidden))
    return tuple(zip(r, m, strict=True))
