"""The least loss of codes of a size, found by descents from many starts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

SEED = 0
# Where features are dense, one start in twenty leads to the best code, or fewer. So many descend
# side by side, the better ones further: so many of them, so many steps. The best are followed to
# their end, one of those that have come to the same loss.
ROUNDS = ((48, 8), (24, 10), (10, 15))
STARTS_AN_ENTRY, FOLLOWED, MOST_STEPS = 8, 4, 400
SAME = 1e-4  # nats
SIZES = (0.3, 1.0, 3.0)  # of the first matrices: a code that is too large or too small is flat
SHORT = (0.1, 0.003)  # the length of a feature that is all but ignored
STOP = {"ftol": 1e-11, "gtol": 1e-7}

# Of matrices (..., m, n): their losses (...), and the gradients.
Objective = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Least:
    """The least loss, and a matrix (d_hidden, n_features) that has it."""

    loss: float
    W: np.ndarray


def starts(m: int, n: int, count: int) -> list[np.ndarray]:
    """Matrices (m, n) to descend from: random ones and spread ones, half of them with one feature
    much shorter than the others."""
    rng, found = np.random.default_rng([SEED, n, m]), []
    for k in range(count):
        W = rng.standard_normal((m, n))
        if k % 2:
            W = spread(W) + 0.1 * rng.standard_normal((m, n))
        if k % 4 >= 2:
            W[:, k // 4 % n] *= SHORT[k // 4 // n % len(SHORT)]
        found.append(SIZES[k % len(SIZES)] * W)
    return found


def spread(W: np.ndarray) -> np.ndarray:
    """Directions near those of W whose mean is about 0, as that of a simplex is."""
    for _ in range(3):
        W = W / np.maximum(np.linalg.norm(W, axis=0), 1e-9)
        W = W - W.mean(axis=1, keepdims=True)
    return W


def descend(objective: Objective, W: np.ndarray, steps: int = MOST_STEPS) -> Least:
    """What a descent from W comes to in so many steps."""

    def flat(w):
        loss, gradient = objective(w.reshape(W.shape))
        return float(loss), gradient.ravel()

    found = minimize(
        flat, W.ravel(), jac=True, method="L-BFGS-B", options=STOP | {"maxiter": steps}
    )
    return Least(float(found.fun), found.x.reshape(W.shape))


def by_loss(found: Least) -> float:
    return found.loss


def descend_together(objective: Objective, W: np.ndarray, steps: int) -> np.ndarray:
    """Matrices (count, m, n) after so many steps that lower the sum of their losses."""

    def flat(w):
        losses, gradients = objective(w.reshape(W.shape))
        return float(losses.sum()), gradients.ravel().astype(float)

    options = {"maxiter": steps, "ftol": 0, "gtol": 0}
    found = minimize(flat, W.ravel(), jac=True, method="L-BFGS-B", options=options)
    return found.x.reshape(W.shape)


def least_of(objective: Objective, rough: Objective, m: int, n: int) -> Least:
    """The least loss of matrices (m, n) that descents from many starts find; their first steps
    descend a `rough` form of it, which may have them in another order."""
    W = np.stack(starts(m, n, min(ROUNDS[0][0], STARTS_AN_ENTRY * m * n)))
    for count, steps in ROUNDS:
        W = descend_together(rough, W[:count], steps)
        losses = objective(W)[0]
        order = np.argsort(losses, kind="stable")
        W, losses = W[order], losses[order]
    apart = np.r_[True, np.diff(losses) > SAME]
    return min((descend(objective, one) for one in W[apart][:FOLLOWED]), key=by_loss)
