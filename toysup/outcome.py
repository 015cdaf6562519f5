"""How a training run ended: converged, still moving, or diverged. Measured, not assumed.

A run has converged when stopping it at half of its steps would have reported the same. That
holds for every schedule: one that ends at zero always stands still at the end.
"""

import numpy as np

CONVERGED = "converged"
NOT_CONVERGED = "not converged"
DIVERGED = "diverged"

# On scales where random directions are 1 and the optimum is 0; ten times what seeds differ by.
GEOMETRY_TOLERANCE = 0.1
# Ending at a learning rate of zero takes noise out of the loss: 3 to 7% of its fall in runs of
# 40,000 steps whose directions have long stood still.
LOSS_TOLERANCE = 0.1
# A loss that falls by less than this share of itself has nothing to converge to.
LOSS_FLOOR = 0.01


def geometry_change(now: dict[str, np.ndarray], halfway: dict[str, np.ndarray]) -> np.ndarray:
    """How far T and P moved after half of the steps: the larger change, relative above 1.

    Directions may turn together, or wander among equally good arrangements, and nothing has
    changed. `now` and `halfway` hold `squared_interference` and `positive_interference`. 0 where
    both are undefined at both times, NaN where at one of them.
    """
    changes = []
    for name in ("squared_interference", "positive_interference"):
        before, after = halfway[name], now[name]
        change = np.abs(after - before) / np.maximum(1, np.abs(after))
        changes.append(np.where(np.isnan(before) & np.isnan(after), 0, change))
    return np.maximum(*changes)


def loss_change(losses: np.ndarray) -> np.ndarray:
    """Share of the loss's whole fall that came after half of the steps.

    `losses` is (..., 3), on the same fresh batches: before training, halfway, at the end.
    """
    first, middle, last = np.moveaxis(losses, -1, 0)
    return (middle - last) / np.maximum(first - last, LOSS_FLOOR * np.abs(first))


def still_moving(
    geometry_change: np.ndarray,
    loss_change: np.ndarray,
    geometry_tolerance: float = GEOMETRY_TOLERANCE,
    loss_tolerance: float = LOSS_TOLERANCE,
) -> np.ndarray:
    """Whether the directions or the loss moved by more than is tolerated; NaN is moving."""
    return ~((geometry_change <= geometry_tolerance) & (loss_change <= loss_tolerance))


def outcome(finite: np.ndarray, moving: np.ndarray) -> np.ndarray:
    """converged, not converged or diverged, for each instance."""
    return np.where(~finite, DIVERGED, np.where(moving, NOT_CONVERGED, CONVERGED))
