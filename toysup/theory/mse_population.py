"""The squared error of a tied autoencoder over all samples, of few features."""

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from toysup.theory.expected import points
from toysup.theory.least import starts
from toysup.theory.population import Row, Searched


@dataclass(frozen=True)
class MSEObjective:
    """The expected loss of a tied autoencoder of a matrix whose last row is the decoder's biases,
    over that of answering nothing. A case is the chance p of each feature, and its importance."""

    n_features: int

    def over(self, case, rough):
        p, importance = case
        x, weight, present = points(self.n_features)
        chance = jnp.prod(jnp.where(present, p[:, None], 1 - p[:, None]), axis=0)
        return jnp.asarray(x), weight * chance, importance / (importance @ p / 3)

    def loss(self, W, over):
        x, weight, importance = over
        error = x - jnp.maximum(W[:-1].T @ (W[:-1] @ x) + W[-1][:, None], 0)
        return importance @ error**2 @ weight

    def starts(self, d_hidden):
        return np.pad(starts(d_hidden, self.n_features), ((0, 0), (0, 1), (0, 0)))


@dataclass(frozen=True)
class MSEPopulation(Searched):
    """The tied autoencoder of independent features that are absent in empty samples.

    Its loss is a mean over features.
    """

    p: Row
    importance: Row
    d_hidden: int

    @property
    def objective(self):
        return MSEObjective(len(self.p))

    @property
    def case(self):
        return np.array(self.p), np.array(self.importance)

    @property
    def unit(self):
        return np.dot(self.importance, self.p) / 3 / len(self.p)

    def matrices(self, W, b):
        return np.concatenate([W, b[:, None]], axis=1)

    def encoder(self, matrix):
        return matrix[:-1]
