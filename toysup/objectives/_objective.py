"""What every objective has, with what most of them answer."""

from typing import TYPE_CHECKING, Any

from toysup.registry import Measure
from toysup.registry.configured import Configured

if TYPE_CHECKING:
    import jax

    from toysup.theory.population import Population


class Objective(Configured):
    """A training objective: its fields are its settings, and it trains a `train.Model`.

    An objective writes `loss` and `workspace`; the rest is here for those that need no more.
    """

    family = "objectives"
    must_write = ("loss", "workspace")

    reference = False  # whether reports compare other objectives with it
    pairs = False  # whether it compares two views of a sample, or sees the sample itself
    smallest_batch = 1  # below it the loss says nothing

    def init(self, key, module, n_features, d_hidden) -> dict[str, Any]:
        """What it trains beside the encoder. `module` is the encoder's flax module, for those that
        train a second one: `module.init(key, jnp.zeros((n_features, 1)))["params"]`."""
        return {}

    def loss(self, model, key, x) -> "jax.Array":
        """The scalar that training lowers. `x` is a batch of samples, (n_features, batch), or its
        two views where the objective `pairs`; `key` is for what else is random."""
        raise NotImplementedError

    @staticmethod
    def workspace(n_features: int, d_hidden: int, batch: int) -> float:
        """Floats that the loss and its gradient keep alive beyond the batch and the model."""
        raise NotImplementedError

    def start(self, model):
        """The model before the first step, from one whose weights are all drawn by themselves: for
        those that need some of them to go together. The encoder's stay as they are."""
        return model

    def codes(self, model) -> dict[str, Any]:
        """The sets of directions to measure, by name: a Model whose code has them, or a matrix
        (d_hidden, n_features) whose columns they are, such as a decoder's."""
        return {"encoder": model}

    switches_units_off = False  # whether training leaves hidden units that carry nothing

    def in_use(self, variance):
        """Which hidden units carry anything, (d_hidden,), from their variance over samples.

        Asked where `switches_units_off`: directions are measured in these dimensions alone.
        """
        return variance > 0

    def chance(self, x, d_hidden):
        """The loss, on the batch x, of a code that says nothing about the samples: a scalar.

        A trained loss that is no lower has learned nothing. NaN where it is not known. `x` is what
        `loss` takes.
        """
        return float("nan")

    def population(self, features, views, n_features, d_hidden) -> "Population | None":
        """Its loss over all samples there are, for a linear encoder, where theory knows the least.

        None where it does not. `features` and `views` are the plug-ins.
        """
        return None

    parameters: tuple[Measure, ...] = ()  # columns of what it trains beside the encoder

    def parameter_values(self, extra) -> dict[str, Any]:
        """The values of `parameters`, by name, of what `init` gave in the trained model: arrays
        (..., length) of those that are `listed`, and else (...)."""
        return {}

    measures: tuple[Measure, ...] = ()  # columns of trained models that only this objective has

    def measure(self, model, key, x) -> dict[str, Any]:
        """The values of `measures` on a large fresh batch: scalars, by name."""
        return {}
