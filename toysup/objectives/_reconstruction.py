"""What the objectives that read the features back from the code have in common."""

import jax.numpy as jnp
from flax import struct

from toysup.kernels.affine import affine
from toysup.objectives._objective import Objective
from toysup.registry import setting
from toysup.weights import glorot

WITHOUT_A_MATRIX = ("mlp", "conv")  # encoders that have no W


def mean_squared_error(x, y, importance):
    """Mean over batch and features of `importance * (x - y)^2`; x and y are (n_features, batch)."""
    return jnp.mean(importance[:, None] * (x - y) ** 2)


@struct.dataclass
class Reconstruction(Objective):
    """The decoder V.T h + b, with V the encoder's W where it is tied.

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 2, for the tied one.
    """

    tied: bool = setting(
        True, "decode with the encoder's W transposed, or else with a matrix trained beside it"
    )

    def init(self, key, module, n_features, d_hidden):
        own = {"b": jnp.zeros(n_features)}
        return own if self.tied else own | {"V": glorot(key, d_hidden, n_features)}

    def decode(self, model, h):
        """V.T h + b, (n_features, batch)."""
        return affine(model.W if self.tied else model.own["V"], model.own["b"], h)

    def codes(self, model):
        return {"encoder": model} if self.tied else {"encoder": model, "decoder": model.own["V"]}

    @classmethod
    def misfit(cls, settings):
        if settings["tied"] and settings["encoder"] in WITHOUT_A_MATRIX:
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
        1.0, "importance of feature i is importance_decay^i", above=0.0, high=1.0
    )
    relative_importance: float = setting(
        1.0, "importance of the last feature, as a multiple of what the decay makes it", above=0.0
    )

    def error(self, x, y):
        """The importance-weighted mean squared error of y for x."""
        importance = importances(x.shape[0], self.importance_decay, self.relative_importance)
        return mean_squared_error(x, y, importance)

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return (3 * n_features + 2 * d_hidden) * batch
