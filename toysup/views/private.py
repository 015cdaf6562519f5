"""A fixed set of features is shared by the views; the others are private to each."""

import jax.numpy as jnp
from flax import struct

from toysup.registry import setting
from toysup.views._view import View


@struct.dataclass
class Private(View):
    """The first shared_fraction of the features is equal in both views, the rest independent.

    Only the shared features say which views belong together; theory predicts that the private
    ones are dropped from the code.

    Source: von Kuegelgen et al. 2021, "Self-Supervised Learning with Data Augmentations Provably
    Isolates Content from Style".
    """

    shared_fraction: float = setting(
        0.5, "share of the features that both views have in common", traced=True, low=0.0, high=1.0
    )

    def pair(self, sample_key, view_key, features, n_features, batch):
        x = features.sample(sample_key, n_features, batch)
        other = features.sample(view_key, n_features, batch)
        shared = jnp.arange(n_features) < jnp.round(self.shared_fraction * n_features)
        return x, jnp.where(shared[:, None], x, other)
