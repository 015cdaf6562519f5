"""What every encoder has."""

from typing import TYPE_CHECKING, Any

from toysup.registry.configured import Configured

if TYPE_CHECKING:
    from flax import linen as nn


class Encoder(Configured):
    """An encoder: its fields are its settings. It writes `module` and `workspace`."""

    family = "encoders"
    must_write = ("module", "workspace")

    has_matrix = True  # whether it applies a matrix `W`, (d_hidden, n_features), to x first
    linear = False  # whether h = W x: then the columns of W are the directions, exactly

    def module(self, n_features: int, d_hidden: int) -> "nn.Module":
        """A flax module that maps `x`, (n_features, batch), to `h`, (d_hidden, batch), each sample
        by itself. With `has_matrix` its parameter `W` is the matrix; a tied decoder transposes it.
        """
        raise NotImplementedError

    @staticmethod
    def workspace(settings: dict[str, Any]) -> float:
        """Floats that encoding a batch keeps alive beyond x and h, from the encoder's own
        settings, [model]'s and `batch_size`."""
        raise NotImplementedError
