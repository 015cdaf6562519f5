"""Some features of the positive come from another sample."""

import jax
import jax.numpy as jnp
from flax import struct

from toysup.registry import setting
from toysup.views._view import View


@struct.dataclass
class Swap(View):
    """In the second view each feature is redrawn with probability swap_probability.

    A redrawn feature has nothing to do with the anchor's. At 0 the views are identical, at 1
    they are independent samples and the loss cannot fall below ln(batch).

    Source: von Kuegelgen et al. 2021, "Self-Supervised Learning with Data Augmentations Provably
    Isolates Content from Style", with a random style set.
    """

    swap_probability: float = setting(
        0.5, "chance that the second view redraws a feature", traced=True, low=0.0, high=1.0
    )

    def pair(self, sample_key, view_key, features, n_features, batch):
        other_key, swap_key = jax.random.split(view_key)
        x = features.sample(sample_key, n_features, batch)
        other = features.sample(other_key, n_features, batch)
        swap = jax.random.uniform(swap_key, x.shape) < self.swap_probability
        return x, jnp.where(swap, other, x)
