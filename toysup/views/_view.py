"""What every way of making views has."""

from typing import TYPE_CHECKING

from toysup.registry.configured import Configured

if TYPE_CHECKING:
    import jax


class View(Configured):
    """How the two views of a sample are made: its fields are its settings. A view writes `pair`."""

    family = "views"
    must_write = ("pair",)

    def pair(
        self, sample_key, view_key, features, n_features: int, batch: int
    ) -> "tuple[jax.Array, jax.Array]":
        """A batch as `(anchors, positives)`, each `(n_features, batch)`.

        The anchors' samples come from `sample_key` alone, by `features.sample(sample_key,
        n_features, batch)`: so every view, and every objective without views, sees the same ones.
        What else is random comes from `view_key`.
        """
        raise NotImplementedError

    def keep_chances(self, n_features: int) -> tuple[float, ...] | None:
        """The chance of each feature to be kept, where either view keeps features independently and
        is otherwise the sample; None of any other views."""
        return None
