"""Features whose frequencies fall as a power law. Liu, Liu and Gore 2025."""

import math

import jax
import jax.numpy as jnp
from flax import struct

from toysup.features._sparse import Sparse
from toysup.registry import setting


def in_proportion(weights, choice):
    """Which row a draw in [0, 1) picks, with chances in proportion to `weights`, (n_features,).

    `choice` is (batch,), and the answer a mask (n_features, batch).
    """
    ends = jnp.cumsum(weights)
    ends = (ends / ends[-1])[:, None]
    return jnp.diff(choice < ends, axis=0, prepend=False)


@struct.dataclass
class Zipf(Sparse):
    """Feature i is present with probability p_i = p (i + 1)^-exponent, independently.

    Exponent 0 is `independent`. At 1, Zipf's law of words, the tenth feature is ten times
    as rare as the first, whose probability is p. An empty sample is filled with feature i with a
    chance in proportion to p_i, so that the frequencies keep their law.

    Source: Liu, Liu and Gore 2025, "Superposition Yields Robust Neural Scaling".
    """

    exponent: float = setting(
        1.0, "how fast the probabilities of the features fall", traced=True, low=0.0
    )

    def probabilities(self, n_features):
        """p_i, (n_features,)."""
        return self.feature_probability * jnp.arange(1.0, n_features + 1) ** -self.exponent

    def sample(self, key, n_features, batch):
        presence_key, choice_key, size_key = jax.random.split(key, 3)
        u = jax.random.uniform(presence_key, (n_features, batch))
        p = self.probabilities(n_features)
        x = jnp.where(u < p[:, None], self.sized(u / p[:, None]), 0.0)
        if self.fills:
            chosen = in_proportion(p, jax.random.uniform(choice_key, (batch,)))
            x = self.filled(x, chosen, size_key)
        return x

    def excess_kurtosis(self):
        return super().excess_kurtosis() if self.exponent == 0 else math.nan
