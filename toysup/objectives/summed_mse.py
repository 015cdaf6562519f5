"""Squared error summed over the features. Henighan et al. 2023, memorisation."""

from typing import Any

from flax import struct

from toysup.objectives.mse import MSE


@struct.dataclass
class SummedMSE(MSE):
    """Train as `mse` does, on the sum over features: mean over x of sum_i I_i (x_i - y_i)^2.

    It is n_features times the loss of `mse`, and 1 for an answer of zero to samples of length 1.
    Adam divides a gradient by its size, so the factor matters only beside the 1e-8 that Adam adds
    to that size: where features are very many, or a data set is nearly memorised.

    Theory predicts what it does of `mse`.

    Source: Henighan et al. 2023, "Superposition, Memorization, and Double Descent", whose loss it
    is.
    """

    reference = False

    def loss(self, model, key, x):
        mean: Any = super().loss(model, key, x)
        return len(x) * mean

    def chance(self, x, d_hidden):
        return len(x) * super().chance(x, d_hidden)

    def population(self, features, views, n_features, d_hidden):
        return None
