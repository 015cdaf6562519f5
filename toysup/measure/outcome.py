"""How a training run ended: converged, still moving, or diverged. Measured, not assumed.

A run has converged when one of half the length, on the same samples and with a whole schedule of
its own, reports the same. Comparing two points of one run would measure its schedule: a rate that
falls to zero always stands still at the end, and always takes noise out of the loss.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

CONVERGED = "converged"
NOT_CONVERGED = "not converged"
DIVERGED = "diverged"
OUTCOMES = (CONVERGED, NOT_CONVERGED, DIVERGED)  # the most settled first

# On scales where random directions are 1 and the optimum is 0; ten times what seeds differ by.
GEOMETRY_TOLERANCE = 0.1
LOSS_TOLERANCE = 0.05
# A loss that falls by less than this share of itself has nothing to converge to.
LOSS_FLOOR = 0.01
# A run that ends this close to its initial W, as a share of it, has not learned anything yet.
LEAST_DISTANCE = 0.1

# Entries of W and parameters beyond it mean nothing: float32 rounds away what they are compared
# with. Those of all our sweeps are below 40.
LARGEST = 1000.0


def in_range(loss: np.ndarray, W: np.ndarray, parameters: Iterable[np.ndarray]) -> np.ndarray:
    """Whether the numbers of an instance still mean something: where not, it diverged.

    The loss, (...), is finite, and so is W, (..., d_hidden x n_features), with no entry beyond
    LARGEST. Nor are the objective's own `parameters`, (...) or (..., length), of which NaN is one
    that there is not.
    """
    good = np.isfinite(loss) & (np.abs(W) <= LARGEST).all(axis=-1)
    for values in parameters:
        beyond = np.abs(values) > LARGEST
        good &= ~beyond.reshape(*good.shape, -1).any(axis=-1)
    return good


def geometry_change(now: dict[str, np.ndarray], half: dict[str, np.ndarray]) -> np.ndarray:
    """How far T and P are from those of the run of half the length: the larger, relative above 1.

    Directions may turn together, or differ among equally good arrangements, and nothing has
    changed. Both arguments hold `squared_interference` and `positive_interference`. 0 where they
    are undefined in both runs, NaN where in one of them.
    """
    changes = []
    for name in ("squared_interference", "positive_interference"):
        before, after = half[name], now[name]
        change = np.abs(after - before) / np.maximum(1, np.abs(after))
        changes.append(np.where(np.isnan(before) & np.isnan(after), 0, change))
    return np.maximum(*changes)


def loss_change(
    first: np.ndarray, half: np.ndarray, last: np.ndarray, known: np.ndarray | float = np.nan
) -> np.ndarray:
    """How far the loss is from that of the run of half the length, as a share of its whole fall.

    The losses are on the same fresh batches: before training, of the run of half the length, of the
    whole one. The fall from the first is measured on an eighth of the usual number. `known` is the
    loss of the run of half the length less the last, over all samples, where theory knows both, and
    NaN elsewhere. Negative where the longer run is worse. 0 where there is no loss to lose.
    """
    fall = np.maximum(np.abs(first - last), LOSS_FLOOR * np.abs(first))
    gained = np.where(np.isnan(known), half - last, known)
    return gained / np.where(fall == 0, 1, fall)


def begun(distance: Any, learning_rate: Any) -> Any:
    """Whether W is as far from its start as training takes it at least.

    `distance` is how far it went, as a share of its start. A learning rate of 0 asks for a model
    that is not trained: it need not go anywhere. Both are arrays or both are pandas
    columns, and so is the answer.
    """
    return (distance >= LEAST_DISTANCE) | (learning_rate == 0)


def still_moving(
    geometry_change: np.ndarray,
    loss_change: np.ndarray,
    begun: np.ndarray,
    geometry_tolerance: float = GEOMETRY_TOLERANCE,
    loss_tolerance: float = LOSS_TOLERANCE,
) -> np.ndarray:
    """Whether more steps would matter: for the directions, for the loss, or to begin at all.

    NaN is moving.
    """
    still = (geometry_change <= geometry_tolerance) & (np.abs(loss_change) <= loss_tolerance)
    return ~(still & begun)


def outcome(in_range: np.ndarray, moving: np.ndarray) -> np.ndarray:
    """converged, not converged or diverged, for each instance."""
    return np.where(~in_range, DIVERGED, np.where(moving, NOT_CONVERGED, CONVERGED))
