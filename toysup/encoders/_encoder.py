"""What every encoder has."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flax import linen as nn


class Encoder:
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

    @classmethod
    def incompatibility(cls, settings: dict[str, Any]) -> str | None:
        """What is wrong with these settings together, as words behind the table's name, or None.

        `settings` has the table's own, [model]'s, and the names in use under "objective",
        "features" and "views".
        """
        return None
