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

    The last feature can be kept less often than the others: with keep_probability times
    relative_keep_probability. That changes nothing of the others. It is to a contrastive loss what
    relative importance is to an autoencoder: what both views have of a feature is what they can be
    told by.

    Source: Wen & Li 2021, "Toward Understanding the Feature Learning Process of Self-supervised
    Contrastive Learning".
    """

    keep_probability: float = setting(
        0.5, "chance that a view keeps a feature", traced=True, above=0.0, high=1.0
    )

    relative_keep_probability: float = setting(
        1.0,
        "chance that a view keeps the last feature, as a share of keep_probability",
        traced=True,
        above=0.0,
        high=1.0,
    )

    def pair(self, sample_key, view_key, features, n_features, batch):
        x = features.sample(sample_key, n_features, batch)
        last = jnp.arange(n_features) == n_features - 1
        chance = self.keep_probability * jnp.where(last, self.relative_keep_probability, 1.0)
        keep = jax.random.uniform(view_key, (2, *x.shape)) < chance[:, None]
        return jnp.where(keep[0], x, 0.0), jnp.where(keep[1], x, 0.0)

    def keep_chances(self, n_features):
        others = (self.keep_probability,) * (n_features - 1)
        return (*others, self.keep_probability * self.relative_keep_probability)
