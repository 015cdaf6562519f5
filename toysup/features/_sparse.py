"""What sparse feature distributions share: probability, amplitudes, and empty samples."""

import math

import jax
import jax.numpy as jnp
from flax import struct

from toysup.features._distribution import FeatureDistribution
from toysup.registry import setting
from toysup.theory import excess_kurtosis

# E[x^k] for k = 1 to 4 of a feature that is present.
MOMENTS = {
    "uniform": (1 / 2, 1 / 3, 1 / 4, 1 / 5),
    "one": (1, 1, 1, 1),
    "signed": (0, 1 / 3, 0, 1 / 5),
}


def presence_and_size(u, chance):
    """What a uniform draw says of a feature: whether it is there, and how large it would be.

    The two are independent, and the size is U[0, 1) whether the feature is there or not: one that
    is made present for another reason has a size too.
    """
    present = u < chance
    return present, jnp.where(present, u / chance, (u - chance) / (1 - chance))


def one_of(count, choice):
    """Which of `count` rows a draw in [0, 1) picks, each as often: (batch,) -> (count, batch)."""
    return jnp.arange(count)[:, None] == jnp.floor(choice * count)


def probability(default=1.0):
    """The setting that makes such a distribution sparse."""
    doc = (
        "chance p that a feature is present (zipf: the first; hierarchical: a parent; ring: an "
        "object; manifolds: a manifold); sparsity is 1 - p"
    )
    return setting(default, doc, traced=True, above=0.0, high=1.0)


@struct.dataclass
class Sparse(FeatureDistribution):
    """Features that are mostly absent; independent and alike unless a subclass says more.

    With amplitude "signed" a feature has two sides, U[-1, 1) where it is present. An output behind
    a ReLU then reaches one of them alone, of `mse` as of the read-outs: it is for objectives that
    ask for something else, such as `absolute_value`.
    """

    feature_probability: float = probability()
    amplitude: str = setting(
        "uniform",
        "size of a present feature: U[0, 1), always 1, or U[-1, 1)",
        choices=("uniform", "one", "signed"),
    )
    empty_samples: str = setting(
        "keep", "keep all-zero samples, or give each one random feature", choices=("keep", "fill")
    )

    @property
    def fills(self):
        return self.empty_samples == "fill"

    @property
    def signed(self):
        return self.amplitude == "signed"

    def sized(self, size):
        """The amplitudes that sizes in [0, 1) stand for."""
        if self.signed:
            return 2 * size - 1
        return size if self.amplitude == "uniform" else jnp.ones_like(size)

    def filled(self, x, chosen, size_key):
        """x with one feature, `chosen` (n_features, batch), where a sample is empty."""
        size = self.sized(jax.random.uniform(size_key, x.shape[1:]))
        return jnp.where(~jnp.any(x != 0, axis=0) & chosen, size, x)

    def resample_amplitudes(self, key, x):
        return jnp.where(x != 0, self.sized(jax.random.uniform(key, x.shape)), 0.0)

    def excess_kurtosis(self):
        p = self.feature_probability
        constant = p == 1 and self.amplitude == "one"  # it has none
        if constant or (self.fills and p < 1):
            return math.nan
        return excess_kurtosis(*(p * moment for moment in MOMENTS[self.amplitude]))
