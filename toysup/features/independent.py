"""Independent sparse features. Elhage et al. 2022, section 2."""

import jax
import jax.numpy as jnp
from flax import struct

from toysup.features._sparse import Sparse, one_of


@struct.dataclass
class Independent(Sparse):
    """Each feature is present with probability p, independently, with an amplitude in [0, 1).

    x = where(u < p, u / p, 0) for one uniform draw u is exactly Bernoulli(p) x U[0, 1), and the
    same u serves every p. Density p = 1 is every feature in every sample; at n = 20, p = 0.01,
    82% of the samples are empty unless they are filled.

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 2.
    """

    def sample(self, key, n_features, batch):
        presence_key, choice_key, size_key = jax.random.split(key, 3)
        u = jax.random.uniform(presence_key, (n_features, batch))
        p = self.feature_probability
        x = jnp.where(u < p, self.sized(u / p), 0.0)
        if self.fills:
            chosen = one_of(n_features, jax.random.uniform(choice_key, (batch,)))
            x = self.filled(x, chosen, size_key)
        return x
