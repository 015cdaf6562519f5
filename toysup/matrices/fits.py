"""Directions that have the second moments of data, and nothing else of the data.

Samples are rows `(samples, k)`. S = E[x x^T] are their second moments, not centred: the mean is in
them, as it is in the loss of a model without a bias. S = V L V^T, the largest eigenvalues first.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SMALLEST = 1e-10  # of the largest eigenvalue: what is below counts as 0


@dataclass(frozen=True)
class Moments:
    """The second moments of weighted samples."""

    mean: np.ndarray  # (k,)
    values: np.ndarray  # (k,), eigenvalues, the largest first; 0 where they are rounding errors
    vectors: np.ndarray  # (k, k), their eigenvectors as columns

    @classmethod
    def of(cls, samples: np.ndarray, weights: np.ndarray | None = None) -> "Moments":
        """Of `samples`, `(samples, k)`, each with a weight, by default 1."""
        X = np.asarray(samples, np.float64)
        w = np.ones(len(X)) if weights is None else weights
        values, vectors = np.linalg.eigh((X.T * w) @ X / w.sum())
        values, vectors = values[::-1], vectors[:, ::-1]
        values = np.where(values > SMALLEST * values[0], values, 0.0)
        return cls(w @ X / w.sum(), values, vectors)


def power(values: np.ndarray, exponent: float) -> np.ndarray:
    """Eigenvalues to a power, 0 where they are 0: the pseudo-inverse of a negative one."""
    found = np.zeros(len(values))
    return np.power(values, exponent, out=found, where=values > 0)


def turned(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Haar-random orthonormal rows, or columns if there are more rows, `(rows, columns)`."""
    tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
    orthonormal, triangle = np.linalg.qr(tall)
    orthonormal *= np.sign(np.diagonal(triangle))
    return orthonormal.T if rows < columns else orthonormal


Fit = Callable[[Moments, int, int, np.random.Generator], np.ndarray]


def scaled_components(exponent: float) -> Fit:
    """W = L_m^exponent V_m^T: the m principal components of the features, scaled."""

    def fit(of: Moments, m: int, n: int, rng: np.random.Generator) -> np.ndarray:
        return power(of.values[:m], exponent)[:, None] * of.vectors[:, :m].T

    return fit


def rotated_features(of: Moments, m: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """W = L_m^(1/2) Q: the spectrum of the data, with Haar-random components Q in place of its own.

    It forgets which features go together.
    """
    values = of.values[:m]
    return power(values, 0.5)[:, None] * turned(rng, len(values), n)


def rotated_directions(of: Moments, m: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """W = S^(1/2) Q, with Haar-random orthonormal rows Q: every W with W W^T = S is one of these.

    With fewer directions than dimensions the columns of Q are orthonormal instead.
    """
    return (of.vectors * power(of.values, 0.5)) @ turned(rng, m, n)


def like_samples(of: Moments, m: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """Gaussian columns with the mean and the second moments of the data: a cone where it is one."""
    root = of.vectors * power(of.values, 0.5)
    # S = C + mean mean^T, with C the covariance: a Gaussian with moments S that is moved by the
    # mean would have it twice. Along S^(-1/2) mean, of length s <= 1, its variance is 1 - s^2.
    along = power(of.values, -0.5) * (of.vectors.T @ of.mean)
    length = float(np.linalg.norm(along))
    z = rng.standard_normal((m, n))
    if length > 0:
        axis = along / length
        shrunk = np.sqrt(max(0.0, 1 - length**2))
        z += np.outer(axis, length + (shrunk - 1) * (axis @ z))
    return root @ z


# Of samples of the features, `(samples, n)`.
OF_FEATURES: dict[str, Fit] = {
    "principal components": scaled_components(0.0),
    "whitened": scaled_components(-0.5),
    "best fit to correlations": scaled_components(0.5),
    "random rotation": rotated_features,
}
# Of activations in the space of the directions, `(samples, m)`.
OF_ACTIVATIONS: dict[str, Fit] = {
    "like the activations": like_samples,
    "random rotation": rotated_directions,
}
