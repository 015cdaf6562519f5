"""What the objectives that pick a positive out of the batch have in common."""

import jax.numpy as jnp
import numpy as np

from toysup.kernels.similarities import LARGEST_SIMILARITY, pair_cross_entropy
from toysup.kernels.unit import unit_columns
from toysup.registry import Measure

# Radford et al. 2021 (CLIP) stop their scale there too.
LARGEST_SCALE = LARGEST_SIMILARITY


def learned_scale(log_scale):
    """1 / temperature, from its logarithm as it is trained."""
    return jnp.minimum(jnp.exp(log_scale), LARGEST_SCALE)


class LearnedTemperature:
    """An objective that may train `log_scale`, the logarithm of 1 / temperature."""

    parameters = (
        Measure(
            "learned_temperature",
            "1",
            "The temperature, where it was trained.",
            "Radford et al. 2021",
            optional=True,
        ),
    )

    def parameter_values(self, extra):
        if "log_scale" not in extra:
            return {}
        temperature = np.exp(-np.asarray(extra["log_scale"], np.float64))
        return {"learned_temperature": np.maximum(temperature, 1 / LARGEST_SCALE)}


def cosine_cross_entropy(anchors, positives, scale):
    """Mean cross-entropy of finding j = i along the rows and along the columns of the similarities
    scale cos(anchor_i, positive_j), in nats; anchors and positives are (d_hidden, batch)."""
    return pair_cross_entropy(scale * unit_columns(anchors), unit_columns(positives))
