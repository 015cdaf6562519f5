"""What the objectives that read the features back from the code have in common."""

import jax.numpy as jnp
from flax import struct

from toysup.kernels.affine import affine
from toysup.kernels.reconstruction import squared_error
from toysup.objectives._bias import DecoderBias
from toysup.objectives._objective import Objective
from toysup.registry import load, setting
from toysup.weights import glorot


@struct.dataclass
class Reconstruction(DecoderBias, Objective):
    """The decoder V.T h + b, with V the encoder's W where it is tied.

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 2, for the tied one.
    """

    tied: bool = setting(
        True, "decode with the encoder's W transposed, or else with a matrix trained beside it"
    )

    def init(self, key, module, n_features, d_hidden):
        extra = {"b": jnp.zeros(n_features)}
        return extra if self.tied else extra | {"V": glorot(key, d_hidden, n_features)}

    def matrix(self, model):
        """V, (d_hidden, n_features)."""
        return model.W if self.tied else model.extra["V"]

    def decode(self, model, h):
        """V.T h + b, (n_features, batch)."""
        return affine(self.matrix(model), model.extra["b"], h)

    def codes(self, model):
        return {"encoder": model} if self.tied else {"encoder": model, "decoder": model.extra["V"]}

    @classmethod
    def incompatibility(cls, settings):
        if settings["tied"] and not load("encoders", settings["encoder"]).has_matrix:
            return (
                f"transposes the encoder's matrix, and encoder.{settings['encoder']} has no single "
                "one: set tied = false, or use [encoder.linear] or [encoder.relu]"
            )
        return None


def importances(n_features, decay, relative):
    """I_i = decay^i, and `relative` times that for the last feature; (n_features,)."""
    i = jnp.arange(n_features)
    return jnp.where(i == n_features - 1, relative, 1.0) * decay**i


@struct.dataclass
class SquaredReconstruction(Reconstruction):
    """A reconstruction whose error counts feature i by importance_decay^i.

    The last feature counts `relative_importance` times as much: what the paper varies of one
    feature alone, between two phases.
    """

    importance_decay: float = setting(
        1.0, "importance of feature i is importance_decay^i", traced=True, above=0.0, high=1.0
    )
    relative_importance: float = setting(
        1.0,
        "importance of the last feature, as a multiple of what the decay makes it",
        traced=True,
        above=0.0,
    )

    def error(self, model, h, x, rectified=True):
        """Mean over batch and features of I_i (x_i - y_i)^2, for y = relu(V.T h + b), or without
        the ReLU where it is not `rectified`."""
        importance = importances(x.shape[0], self.importance_decay, self.relative_importance)
        V, b = self.matrix(model), model.extra["b"]
        return squared_error(rectified, V, b, h, x, importance / x.size)

    def chance(self, x, d_hidden):
        importance = importances(x.shape[0], self.importance_decay, self.relative_importance)
        return jnp.mean(importance * jnp.var(x, axis=1, ddof=1))

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return (3 * n_features + 2 * d_hidden) * batch
