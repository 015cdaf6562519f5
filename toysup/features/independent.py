"""Independent sparse features. Elhage et al. 2022, section 2."""

import math

import jax
import jax.numpy as jnp
from flax import struct

from toysup.features._world import World
from toysup.registry import setting
from toysup.theory import excess_kurtosis


def fill_empty(x, choice, amplitude):
    """Give each empty column one feature: `choice` (batch,) in [0, 1) picks which."""
    n_features = x.shape[0]
    chosen = jnp.arange(n_features)[:, None] == jnp.floor(choice * n_features)
    return jnp.where(~jnp.any(x > 0, axis=0) & chosen, amplitude, x)


@struct.dataclass
class Independent(World):
    """Each feature is present with probability p, independently, with an amplitude in [0, 1).

    x = where(u < p, u / p, 0) for one uniform draw u is exactly Bernoulli(p) x U[0, 1), and the
    same u serves every p. Density p = 1 is every feature in every sample; at n = 20, p = 0.01,
    82% of the samples are empty unless they are filled.

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 2.
    """

    feature_probability: float = setting(
        1.0, "chance p that a feature is present; sparsity is 1 - p", above=0.0, high=1.0
    )
    amplitude: str = setting(
        "uniform", "size of a present feature: U[0, 1), or always 1", choices=("uniform", "one")
    )
    empty_samples: str = setting(
        "keep", "keep all-zero samples, or give each one random feature", choices=("keep", "fill")
    )

    def sample(self, key, n_features, batch):
        presence_key, choice_key, amplitude_key = jax.random.split(key, 3)
        u = jax.random.uniform(presence_key, (n_features, batch))
        amplitude = u / self.feature_probability if self.amplitude == "uniform" else 1.0
        x = jnp.where(u < self.feature_probability, amplitude, 0.0)
        if self.empty_samples == "keep":
            return x
        choice = jax.random.uniform(choice_key, (batch,))
        fresh = jax.random.uniform(amplitude_key, (batch,)) if self.amplitude == "uniform" else 1.0
        return fill_empty(x, choice, fresh)

    def resample_amplitudes(self, key, x):
        fresh = jax.random.uniform(key, x.shape) if self.amplitude == "uniform" else 1.0
        return jnp.where(x > 0, fresh, 0.0)

    def kappa(self):
        p = self.feature_probability
        if self.empty_samples == "fill" and p < 1:
            return math.nan
        moments = (1 / 2, 1 / 3, 1 / 4, 1 / 5) if self.amplitude == "uniform" else (1, 1, 1, 1)
        return excess_kurtosis(*(p * moment for moment in moments))
