"""Independent sparse features. Elhage et al. 2022, section 2."""

import math

import jax
import jax.numpy as jnp
from flax import struct

from toysup.features._sparse import Sparse, one_of
from toysup.registry import setting


@struct.dataclass
class Independent(Sparse):
    """Each feature is present with probability p, independently, with an amplitude in [0, 1).

    x = where(u < p, u / p, 0) for one uniform draw u is exactly Bernoulli(p) x U[0, 1), and the
    same u serves every p. Density p = 1 is every feature in every sample; at n = 20, p = 0.01,
    82% of the samples are empty unless they are filled.

    The last feature can be more or less frequent than the rest: p_last = min(1, p
    relative_density). That changes no other feature's draws. A sample that is filled gets one
    feature, the last as likely as the others.

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 2; the one feature of
    another density is in "The Geometry of Superposition".
    """

    relative_density: float = setting(
        1.0,
        "chance of the last feature, as a multiple of p; at most 1 comes of it",
        traced=True,
        above=0.0,
    )

    def probabilities(self, n_features):
        """p_i, (n_features,)."""
        p = self.feature_probability
        last = jnp.arange(n_features) == n_features - 1
        return jnp.where(last, jnp.minimum(1.0, p * self.relative_density), p)

    def uniform_chances(self, n_features):
        if self.amplitude != "uniform":
            return None
        p = self.feature_probability
        return (p,) * (n_features - 1) + (min(1.0, p * self.relative_density),)

    def sample(self, key, n_features, batch):
        presence_key, choice_key, size_key = jax.random.split(key, 3)
        u = jax.random.uniform(presence_key, (n_features, batch))
        p = self.probabilities(n_features)[:, None]
        x = jnp.where(u < p, self.sized(u / p), 0.0)
        if self.fills:
            chosen = one_of(n_features, jax.random.uniform(choice_key, (batch,)))
            x = self.filled(x, chosen, size_key)
        return x

    def excess_kurtosis(self):
        return super().excess_kurtosis() if self.relative_density == 1 else math.nan
