"""The base class of feature distributions, with the answers that most of them share."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from toysup.registry import Measure
from toysup.registry.configured import Configured

if TYPE_CHECKING:
    import jax


class FeatureDistribution(Configured):
    """A distribution of samples; its fields are its settings.

    A subclass writes `sample` and `resample_amplitudes`. The other methods have defaults.
    """

    family = "features"
    must_write = ("sample", "resample_amplitudes")

    signed = False  # whether a feature may be below 0; 0 is always one that is absent

    def sample(self, key, n_features: int, batch: int) -> "jax.Array":
        """A batch of samples, (n_features, batch)."""
        raise NotImplementedError

    def resample_amplitudes(self, key, x) -> "jax.Array":
        """The batch x with the same features present, and amplitudes drawn again."""
        raise NotImplementedError

    def excess_kurtosis(self) -> float:
        """The excess kurtosis of one feature; NaN where features are not independent, or not
        alike, as that of a hidden unit does not follow from it then."""
        return math.nan

    fills = False  # whether a sample that would be empty gets one feature, each as likely

    def uniform_chances(self, n_features: int) -> tuple[float, ...] | None:
        """The chance of each feature to be there, where features are independent, but for the
        samples that are filled, and U[0, 1) when they are there; None of any others."""
        return None

    def partners(self, n_features: int) -> np.ndarray:
        """Which pairs of features are related (they occur together, exclude each other, or are
        neighbours): a symmetric mask (n_features, n_features), False on its diagonal."""
        return np.zeros((n_features, n_features), bool)

    def scales(self, n_features: int) -> np.ndarray:
        """s_i, the size of each feature, (n_features,); the direction of feature i is measured
        as s_i w_i. 0 where a feature never occurs."""
        return np.ones(n_features)

    def latents(self, key, n_features: int, batch: int):
        """The latent variables, (any, batch), behind the sample of the same key, or None."""
        return None

    measures: tuple[Measure, ...] = ()  # columns of models trained on it alone

    def measure(self, model, n_features: int, loss) -> dict[str, Any]:
        """The values of `measures`, by name. `loss(features)` is the loss under other features."""
        return {}

    @classmethod
    def fingerprint(cls, settings: dict[str, Any]) -> dict[str, str]:
        """The sha256 of each file that is read, by its path. A run that goes on needs the same
        files."""
        return {}
