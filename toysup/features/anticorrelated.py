"""Groups of features that exclude each other. Elhage et al. 2022, section 4."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from flax import struct

from toysup.features._grouped import Grouped
from toysup.features._sparse import one_of, probability
from toysup.registry import setting


@struct.dataclass
class Anticorrelated(Grouped):
    """The features of a group exclude each other: at most one of them is present.

    Each is present with probability p. In a sample, with chance `exclusion`, all of a group of s
    go by one draw u, turned by k / s for the k-th of them: with v = (u - k / s) mod 1,
    x_k = where(v < p, v / p, 0). At most one is then present, as long as p <= 1 / s. Otherwise
    each has its own draw. So two features of a group meet with probability (1 - exclusion) p^2,
    and the correlation of their presences is -exclusion p / (1 - p).

    At exclusion 0 this is `independent`, with the same samples. Where none are filled,
    raising it changes only groups that newly exclude, and never their first feature. An empty
    sample is filled with one random feature.

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 4.
    """

    feature_probability: float = probability(0.1)
    exclusion: float = setting(
        1.0,
        "chance that the features of a group exclude each other in a sample",
        traced=True,
        low=0.0,
        high=1.0,
    )

    def sample(self, key, n_features, batch):
        # The keys of `independent` come first, so that its draws are shared.
        presence_key, choice_key, size_key, exclusion_key = jax.random.split(key, 4)
        u = jax.random.uniform(presence_key, (n_features, batch))
        turned = self.of_first(u) - self.place(n_features)[:, None]
        excludes = self.befalls(exclusion_key, self.exclusion, n_features, batch)
        v = jnp.where(excludes, turned - jnp.floor(turned), u)
        p = self.feature_probability
        x = jnp.where(v < p, self.sized(v / p), 0.0)
        if self.fills:
            chosen = one_of(n_features, jax.random.uniform(choice_key, (batch,)))
            x = self.filled(x, chosen, size_key)
        return x

    def place(self, n_features):
        """k / s of each feature, the k-th of a group of s, (n_features,)."""
        group = self.group(n_features)
        return np.arange(n_features) % self.group_size / np.bincount(group)[group]

    def excess_kurtosis(self):
        return super().excess_kurtosis() if self.exclusion == 0 else math.nan

    @classmethod
    def incompatibility(cls, settings):
        p, size = settings["feature_probability"], settings["group_size"]
        size = min(size, settings["n_features"])
        if settings["exclusion"] == 0 or p <= 1 / size:
            return None
        smaller = f", group_size to at most {int(1 / p)}" if p <= 1 / 2 else ""
        return (
            f"cannot have at most one of {size} features at a time if each is in {p:g} of the "
            f"samples: lower feature_probability to at most 1/{size}{smaller}, or set exclusion = 0"
        )
