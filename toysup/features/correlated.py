"""Groups of features that occur together. Elhage et al. 2022, section 4."""

import math

import jax
import jax.numpy as jnp
from flax import struct

from toysup.features._grouped import Grouped
from toysup.features._sparse import one_of, presence_and_size
from toysup.registry import setting


@struct.dataclass
class Correlated(Grouped):
    """The features of a group occur together: their presences, and amplitudes, are correlated.

    Each is present with probability p. In a sample, with chance c = `cooccurrence`, all of a group
    are present when its first feature is; otherwise each by its own draw. So c is the correlation
    of the presences of two features of a group, which meet with probability c p + (1 - c) p^2. In
    the same way, and apart from it, with chance `amplitude_correlation` all of a group have one
    amplitude, and this is the correlation of two amplitudes; it does nothing where they are 1.

    With both at 0 this is `independent`, with the same samples where none are filled.
    Raising one changes only groups that it newly ties together, and never their first feature.
    An empty sample is filled with one random feature, and all of its group where that is tied.

    At cooccurrence 1 features of one amplitude (amplitude_correlation 1, or amplitude "one") are
    identical: only the sum of their directions is identified, and the angle between them is a
    memory of the initial W. Compare a pair with the same pair at 0, not with an angle of zero.

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 4; Prieto et al. 2026.
    """

    cooccurrence: float = setting(
        0.5,
        "correlation of the presences of two features of a group",
        traced=True,
        low=0.0,
        high=1.0,
    )
    amplitude_correlation: float = setting(
        0.0,
        "correlation of the amplitudes of two features of a group",
        traced=True,
        low=0.0,
        high=1.0,
    )

    def sample(self, key, n_features, batch):
        # The keys of `independent` come first, so that its draws are shared.
        presence_key, choice_key, _, tie_key, amplitude_key = jax.random.split(key, 5)
        u = jax.random.uniform(presence_key, (n_features, batch))
        present, size = presence_and_size(u, self.feature_probability)
        tied = self.befalls(tie_key, self.cooccurrence, n_features, batch)
        present = jnp.where(tied, self.of_first(present), present)
        if self.fills:
            chosen = one_of(n_features, jax.random.uniform(choice_key, (batch,)))
            group = jnp.argmax(chosen, axis=0) // self.group_size
            chosen |= tied & (self.group(n_features)[:, None] == group)
            present |= chosen & ~jnp.any(present, axis=0)
        return jnp.where(present, self.amplitudes(amplitude_key, size), 0.0)

    def resample_amplitudes(self, key, x):
        size_key, amplitude_key = jax.random.split(key)
        fresh = self.amplitudes(amplitude_key, jax.random.uniform(size_key, x.shape))
        return jnp.where(x != 0, fresh, 0.0)

    def amplitudes(self, key, size):
        """Amplitudes from independent sizes: now and then all of a group have the first one's."""
        tied = self.befalls(key, self.amplitude_correlation, *size.shape)
        return self.sized(jnp.where(tied, self.of_first(size), size))

    def excess_kurtosis(self):
        related = self.cooccurrence > 0 or self.amplitude_correlation > 0
        return math.nan if related else super().excess_kurtosis()
