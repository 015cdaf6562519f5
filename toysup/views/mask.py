"""Random masks: each view loses features. Wen & Li 2021."""

import jax
import jax.numpy as jnp
from flax import struct

from toysup.registry import setting
from toysup.views._view import View


@struct.dataclass
class Mask(View):
    """Each view keeps each feature with probability keep_probability, independently.

    At 1 the views are identical. Below it a positive shares only some of its anchor's features,
    with their amplitudes.

    Source: Wen & Li 2021, "Toward Understanding the Feature Learning Process of Self-supervised
    Contrastive Learning".
    """

    keep_probability: float = setting(
        0.5, "chance that a view keeps a feature", traced=True, above=0.0, high=1.0
    )

    def pair(self, sample_key, view_key, features, n_features, batch):
        x = features.sample(sample_key, n_features, batch)
        keep = jax.random.uniform(view_key, (2, *x.shape)) < self.keep_probability
        return jnp.where(keep[0], x, 0.0), jnp.where(keep[1], x, 0.0)
