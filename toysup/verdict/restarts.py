"""The restart that represents a condition: the one with the lowest loss.

Others may be in local minima. Losses are compared by the exact loss where it is known.
"""

from typing import cast

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.measure.outcome import DIVERGED
from toysup.theory import mse_expected_loss
from toysup.theory.expected import MOST_RARE_FEATURES, SETTINGS, is_expected

# Settings for which the exact loss of a model is known, and the settings that it depends on.
EXACT = SETTINGS | {"directions": "encoder"}
DENSITY = ("feature_probability", "relative_density")
IMPORTANCE = ("importance_decay", "relative_importance")
SIZE = ["d_hidden", "n_features"]
BySize = dict[tuple[int, int], np.ndarray]


def exact_loss(rows: pd.DataFrame) -> np.ndarray:
    """The expected loss of each row's model over the distribution of samples, (rows,); NaN unknown.

    It is known for an autoencoder of few independent features, or of up to 24 rare ones. With rare
    features, measured losses hardly distinguish restarts: of 65,000 samples, six have both of two
    features of density 0.01.
    """
    losses = np.full(len(rows), np.nan)
    if not {*EXACT, *DENSITY, *IMPORTANCE, *SIZE, "W", "b", "outcome"} <= set(rows.columns):
        return losses
    known = (rows["outcome"] != DIVERGED) & (rows["n_features"] <= MOST_RARE_FEATURES)
    for name, wanted in EXACT.items():
        known &= rows[name] == wanted
    places = np.flatnonzero(known)
    indices = rows.iloc[places].groupby(SIZE).indices
    for (m, n), some in cast(BySize, indices).items():
        of_size = rows.iloc[places[some]]
        p, importance = probability_and_importance(of_size, n)
        expected = is_expected(p)
        if not expected.any():
            continue
        W = np.stack(of_size["W"].to_list()).reshape(-1, m, n)[expected]
        b = np.stack(of_size["b"].to_list())[expected]
        loss = mse_expected_loss(W, b, p[expected], importance[expected])
        losses[places[some][expected]] = loss / n
    return losses


def probability_and_importance(
    rows: pd.DataFrame, n_features: int
) -> tuple[np.ndarray, np.ndarray]:
    """The probability and the importance of each feature, (rows, n_features) each.

    Those of the last feature are multiplied by relative_density and relative_importance.
    """
    i = np.arange(n_features)
    columns = (rows[[name]].to_numpy(float) for name in (*DENSITY, *IMPORTANCE))
    p, more_often, decay, more_important = columns
    last = i == n_features - 1
    p = np.minimum(1.0, p * np.where(last, more_often, 1.0))
    return p, decay**i * np.where(last, more_important, 1.0)


def population_loss(rows: pd.DataFrame) -> np.ndarray:
    """The loss over all samples that `measure = "optimum"` has of each model, (rows,); NaN unknown.

    Of contrastive losses it is over ln(batch), so it compares models of one condition only.
    """
    if not {"least_loss", "optimality_gap"} <= set(rows.columns):
        return np.full(len(rows), np.nan)
    return (rows["least_loss"] + rows["optimality_gap"]).to_numpy(float)


def compared_loss(rows: pd.DataFrame) -> np.ndarray:
    """The loss to compare restarts by, (rows,): the exact loss if known, else the measured one;
    infinite if the restart diverged."""
    loss = rows["loss"].to_numpy(float)
    for exact in (population_loss(rows), exact_loss(rows)):
        loss = np.where(np.isnan(exact), loss, exact)
    unusable = (rows["outcome"] == DIVERGED).to_numpy() | ~np.isfinite(loss)
    return np.where(unusable, np.inf, loss)


def lowest_place(loss: np.ndarray) -> np.ndarray:
    """The index of the lowest loss along the last axis, the first of equal ones. NaN is ignored.

    >>> lowest_place(np.array([[np.nan, 2.0, 1.0, 1.0], [np.inf, np.nan, 3.0, 4.0]])).tolist()
    [2, 2]
    """
    return np.where(np.isnan(loss), np.inf, loss).argmin(axis=-1)


def mean_without_worst(values: np.ndarray, loss: np.ndarray) -> np.ndarray:
    """The mean over all restarts but that of the highest loss, (..., 1); both are (..., restarts).

    The last of equal ones is the worst. The mean of one restart is that restart's.

    >>> mean_without_worst(np.array([[1.0, 2.0, 6.0]]), np.array([[0.1, 0.3, 0.2]])).tolist()
    [[3.5]]

    Source: Elhage et al. 2022, "Toy Models of Superposition", of its phase diagrams.
    """
    if values.shape[-1] == 1:
        return values
    worst = np.argsort(loss, axis=-1, kind="stable")[..., -1:]
    kept = np.arange(values.shape[-1]) != worst
    return np.mean(values, axis=-1, keepdims=True, where=kept)


def lowest(rows: pd.DataFrame) -> pd.DataFrame:
    """The row of the lowest-loss restart of each condition and set of directions, in their order.

    A condition without a finite loss is left out.
    """
    loss = compared_loss(rows)
    groups = rows.groupby(KEY).indices.values()
    best = np.array([places[lowest_place(loss[places])] for places in groups], dtype=int)
    return rows.iloc[best[np.isfinite(loss[best])]].sort_values(KEY).reset_index(drop=True)
