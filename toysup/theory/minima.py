"""Solutions of the tied ReLU autoencoder, followed by minimising its expected loss: no samples.

The paper finds two solutions whose losses cross where one feature's density is varied. Training
shows both only where some restart fell into each; here each is followed from value to value.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from toysup.theory.expected import chances, points

# Rare features have small losses, and L-BFGS stops by the size of gradients.
SCALE = 1e3
STOP = {"maxiter": 500, "ftol": 1e-12, "gtol": 1e-6}


@dataclass(frozen=True)
class FeatureDistribution:
    """Independent features, feature i present with probability p_i and then U[0, 1), as points.

    `x` is (n_features, points) and `weight` (points,), which sums to 1.
    """

    x: np.ndarray
    weight: np.ndarray


def feature_distribution(p: np.ndarray) -> FeatureDistribution:
    """The distribution of a few features with these probabilities, (n_features,)."""
    x, *_ = points(len(p))
    return FeatureDistribution(x, chances(p, len(p)))


def loss_and_gradients(
    W: np.ndarray, b: np.ndarray, features: FeatureDistribution, importance: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """E mean_i I_i (x_i - relu(w_i . W x + b_i))^2, and its gradients by W and by b.

    `W` is (d_hidden, n_features), `b` and `importance` (n_features,).
    """
    x, n = features.x, len(importance)
    y = np.maximum(W.T @ (W @ x) + b[:, None], 0)
    error = importance[:, None] * (y - x) * features.weight / n
    back = np.where(y > 0, 2 * error, 0)
    by_gram = back @ x.T
    return float(np.sum(error * (y - x))), W @ (by_gram + by_gram.T), back.sum(axis=1)


@dataclass(frozen=True)
class Solution:
    """A local minimum of the expected loss."""

    W: np.ndarray
    b: np.ndarray
    loss: float


def settle(
    W: np.ndarray, b: np.ndarray, features: FeatureDistribution, importance: np.ndarray
) -> Solution:
    """The local minimum that W and b lead to (L-BFGS)."""

    def objective(flat):
        W, b = flat[: -len(importance)].reshape(-1, len(importance)), flat[-len(importance) :]
        loss, by_W, by_b = loss_and_gradients(W, b, features, importance)
        return SCALE * loss, SCALE * np.concatenate([by_W.ravel(), by_b])

    start = np.concatenate([W.ravel(), b])
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options=STOP)
    return Solution(
        found.x[: -len(importance)].reshape(W.shape), found.x[-len(importance) :], found.fun / SCALE
    )


def follow(
    W: np.ndarray, features: list[FeatureDistribution], importances: list[np.ndarray]
) -> list[Solution]:
    """The minimum that W leads to with the first features, from there with the next, and so on."""
    b, found = np.zeros(W.shape[1]), []
    for distribution, importance in zip(features, importances, strict=True):
        found.append(settle(W, b, distribution, importance))
        W, b = found[-1].W, found[-1].b
    return found
