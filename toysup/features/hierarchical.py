"""Children that only occur with their parent. Chanin et al. 2024."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from flax import struct

from toysup.features._grouped import Grouped
from toysup.features._sparse import one_of, presence_and_size
from toysup.registry import setting


@struct.dataclass
class Hierarchical(Grouped):
    """The first feature of a group is a parent, and the others are there only where it is.

    A parent is present with probability p, and then each of its children with probability
    q = `child_probability`, independently: a child's marginal is p q, and two children meet with
    probability p q^2, so they are related too, though partners are only parent and child. The
    correlation of parent and child is sqrt(q (1 - p) / (1 - p q)): at q = 1 a group is present as
    a whole, as in `correlated` at cooccurrence 1.

    An empty sample is filled with a random parent, and those of its children that the same draws
    give it, so that q stays what it is.

    Source: Chanin et al. 2024, "A is for Absorption: Studying Feature Splitting and Absorption in
    Sparse Autoencoders".
    """

    child_probability: float = setting(
        0.5, "chance that a child is present where its parent is", traced=True, above=0.0, high=1.0
    )

    def sample(self, key, n_features, batch):
        # The keys of `independent` come first, so that its draws are shared.
        presence_key, choice_key = jax.random.split(key)
        u = jax.random.uniform(presence_key, (n_features, batch))
        parent = (np.arange(n_features) % self.group_size == 0)[:, None]
        chance = jnp.where(parent, self.feature_probability, self.child_probability)
        drawn, size = presence_and_size(u, chance)
        if self.fills:
            groups = -(-n_features // self.group_size)
            chosen = one_of(groups, jax.random.uniform(choice_key, (batch,)))
            empty = ~jnp.any(drawn & parent, axis=0)
            drawn |= parent & empty & self.spread(chosen, n_features)
        return jnp.where(drawn & self.of_first(drawn), self.sized(size), 0.0)

    def partners(self, n_features):
        parent = np.arange(n_features) % self.group_size == 0
        return super().partners(n_features) & (parent[:, None] | parent)

    def excess_kurtosis(self):
        always = self.feature_probability == self.child_probability == 1
        return super().excess_kurtosis() if always else math.nan
