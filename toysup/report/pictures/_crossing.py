"""The losses of restarts, and of the two solutions that they fall into, along a varied feature."""

import numpy as np
import pandas as pd

from toysup.geometry import antipodal_pairs, polygon
from toysup.metrics.represented import n_represented
from toysup.report.pictures._panels import matrix
from toysup.theory import mse_expected_loss
from toysup.theory.minima import Solution, follow, world

PENTAGON, DIGONS = 5, 4  # represented features
NUDGE = 1e-3  # for the feature at zero, which would have no gradient otherwise


def situation(row: pd.Series, **other) -> tuple[np.ndarray, np.ndarray]:
    """The probabilities and the importances of the features of a row, (n_features,) each."""
    row = row.to_dict() | other
    n = int(row["n_features"])
    last = np.arange(n) == n - 1
    p = row["feature_probability"] * np.where(last, row["relative_density"], 1.0)
    importance = row["importance_decay"] ** np.arange(n)
    return np.minimum(p, 1.0), importance * np.where(last, row["relative_importance"], 1.0)


def restarts(rows: pd.DataFrame, along: str) -> pd.DataFrame:
    """Of each restart: the varied value `x`, its expected `loss`, and the features `kept`."""
    found = []
    for value, group in rows.groupby(along):
        p, importance = situation(group.iloc[0])
        for _, row in group.iterrows():
            W = matrix(row)
            loss = mse_expected_loss(W, row["b"], p, importance) / len(p)
            found.append({"x": value, "loss": loss, "kept": int(n_represented(W))})
    return pd.DataFrame(found)


def theory(row: pd.Series, along: str, x: np.ndarray) -> dict[int, np.ndarray]:
    """The losses of the pentagon and of the antipodal pairs at the ascending values x, by how many
    features they represent; NaN where one is no longer a minimum."""
    cases = [situation(row, **{along: value}) for value in x]
    worlds, importances = [world(p) for p, _ in cases], [importance for _, importance in cases]
    middle = int(np.abs(np.log(x)).argmin())
    down = follow(polygon(5), worlds[middle::-1], importances[middle::-1])
    up = follow(polygon(5), worlds[middle:], importances[middle:])
    pairs = np.column_stack([antipodal_pairs(2), [NUDGE, NUDGE / 2]])
    return {
        PENTAGON: as_long_as(PENTAGON, [*down[:0:-1], *up]),
        DIGONS: as_long_as(DIGONS, follow(pairs, worlds, importances)),
    }


def as_long_as(kept: int, solutions: list[Solution]) -> np.ndarray:
    """The losses of those solutions that represent so many features; NaN of the others."""
    return np.array([s.loss if n_represented(s.W) == kept else np.nan for s in solutions])


def crossing(x: np.ndarray, losses: dict[int, np.ndarray]) -> float:
    """Where the antipodal pairs' loss passes the pentagon's; NaN where it does not."""
    apart = losses[DIGONS] - losses[PENTAGON]
    at = np.flatnonzero((apart[:-1] < 0) & (apart[1:] >= 0))
    if not len(at):
        return float("nan")
    i = at[0]
    share = apart[i] / (apart[i] - apart[i + 1])
    return float(np.exp(np.log(x[i]) + share * np.log(x[i + 1] / x[i])))
