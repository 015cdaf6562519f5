"""Which restart counts: the one with the lowest loss, as symmetry breaking leaves the others in
local minima. It is told by the exact loss where there is one."""

from typing import cast

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.measure.outcome import DIVERGED
from toysup.theory import mse_expected_loss
from toysup.theory.expected import MOST_FEATURES, SETTINGS

# What a model must be for its loss to be known exactly, and what that loss depends on.
EXACT = SETTINGS | {"directions": "encoder"}
DENSITY = ("feature_probability", "relative_density")
IMPORTANCE = ("importance_decay", "relative_importance")
SIZE = ["d_hidden", "n_features"]
BySize = dict[tuple[int, int], np.ndarray]


def exact_loss(rows: pd.DataFrame) -> np.ndarray:
    """The loss of each row's model over all samples there are, (rows,); NaN where it is not known.

    It is for an autoencoder of few independent features. Where features are rare, a sample hardly
    tells restarts apart: of 65,000, six have both of two features of density 0.01.
    """
    losses = np.full(len(rows), np.nan)
    if not {*EXACT, *DENSITY, *IMPORTANCE, *SIZE, "W", "b", "outcome"} <= set(rows.columns):
        return losses
    known = (rows["outcome"] != DIVERGED) & (rows["n_features"] <= MOST_FEATURES)
    for name, wanted in EXACT.items():
        known &= rows[name] == wanted
    places = np.flatnonzero(known)
    indices = rows.iloc[places].groupby(SIZE).indices
    for (m, n), some in cast(BySize, indices).items():
        of_size = rows.iloc[places[some]]
        W = np.stack(of_size["W"].to_list()).reshape(-1, m, n)
        p, importance = of_features(of_size, n)
        loss = mse_expected_loss(W, np.stack(of_size["b"].to_list()), p, importance)
        losses[places[some]] = loss / n
    return losses


def of_features(rows: pd.DataFrame, n_features: int) -> tuple[np.ndarray, np.ndarray]:
    """The probability and the importance of each feature, (rows, n_features) each: the last one's
    are a multiple of what they would be."""
    i = np.arange(n_features)
    columns = (rows[[name]].to_numpy(float) for name in (*DENSITY, *IMPORTANCE))
    p, more_often, decay, more_important = columns
    last = i == n_features - 1
    p = np.minimum(1.0, p * np.where(last, more_often, 1.0))
    return p, decay**i * np.where(last, more_important, 1.0)


def compared_loss(rows: pd.DataFrame) -> np.ndarray:
    """What the restarts of a condition are compared by, (rows,): the exact loss where it is known,
    the measured one elsewhere, infinite where a restart diverged."""
    exact, measured = exact_loss(rows), rows["loss"].to_numpy(float)
    loss = np.where(np.isnan(exact), measured, exact)
    lost = (rows["outcome"] == DIVERGED).to_numpy() | ~np.isfinite(loss)
    return np.where(lost, np.inf, loss)


def lowest_place(loss: np.ndarray) -> np.ndarray:
    """The place of the lowest loss along the last axis, the first of equal ones. NaN is no loss.

    >>> lowest_place(np.array([[np.nan, 2.0, 1.0, 1.0], [np.inf, np.nan, 3.0, 4.0]])).tolist()
    [2, 2]
    """
    return np.where(np.isnan(loss), np.inf, loss).argmin(axis=-1)


def lowest(rows: pd.DataFrame) -> pd.DataFrame:
    """The row of the lowest-loss restart of each condition and set of directions, in their order.

    Without those of which every restart diverged.
    """
    loss = compared_loss(rows)
    groups = rows.groupby(KEY).indices.values()
    best = np.array([places[lowest_place(loss[places])] for places in groups], dtype=int)
    return rows.iloc[best[np.isfinite(loss[best])]].sort_values(KEY).reset_index(drop=True)
