"""The losses of restarts, and of the two solutions that they fall into, along a varied feature."""

import numpy as np
import pandas as pd

from toysup.geometry import antipodal_pairs, polygon
from toysup.metrics.represented import n_represented
from toysup.reports.pictures._panels import matrix
from toysup.theory.minima import Solution, feature_distribution, follow
from toysup.verdict.restarts import exact_loss, probability_and_importance

PENTAGON, DIGONS = 5, 4  # represented features
NUDGE = 1e-3  # for the feature at zero, which would have no gradient otherwise


def feature_parameters(row: pd.Series, **other) -> tuple[np.ndarray, np.ndarray]:
    """The probabilities and the importances of the features of a row, (n_features,) each."""
    p, importance = probability_and_importance(
        pd.DataFrame([row.to_dict() | other]), int(row["n_features"])
    )
    return p[0], importance[0]


def restarts(rows: pd.DataFrame, along: str) -> pd.DataFrame:
    """Of each restart: the varied value `x`, its exact `loss`, and the features `kept`."""
    rows = rows.sort_values(along, kind="stable")
    kept = [int(n_represented(matrix(row))) for _, row in rows.iterrows()]
    return pd.DataFrame({"x": rows[along].to_numpy(), "loss": exact_loss(rows), "kept": kept})


def theory(row: pd.Series, along: str, x: np.ndarray) -> dict[int, np.ndarray]:
    """The losses of the pentagon and of the antipodal pairs at the ascending values x, by how many
    features they represent; NaN where one is no longer a minimum."""
    cases = [feature_parameters(row, **{along: value}) for value in x]
    distributions, importances = (
        [feature_distribution(p) for p, _ in cases],
        [importance for _, importance in cases],
    )
    middle = int(np.abs(np.log(x)).argmin())
    down = follow(polygon(5), distributions[middle::-1], importances[middle::-1])
    up = follow(polygon(5), distributions[middle:], importances[middle:])
    pairs = np.column_stack([antipodal_pairs(2), [NUDGE, NUDGE / 2]])
    return {
        PENTAGON: losses_while_kept(PENTAGON, [*down[:0:-1], *up]),
        DIGONS: losses_while_kept(DIGONS, follow(pairs, distributions, importances)),
    }


def losses_while_kept(kept: int, solutions: list[Solution]) -> np.ndarray:
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
