"""What the objectives that pick a positive out of the batch have in common."""

import jax.numpy as jnp
from jax import lax

from toysup.kernels.similarities import LARGEST_SIMILARITY, pair_cross_entropy

# Radford et al. 2021 (CLIP) stop their scale there too.
LARGEST_SCALE = LARGEST_SIMILARITY


def unit_columns(z):
    """Columns of length one; an all-zero column stays zero, with a finite gradient."""
    return z * lax.rsqrt(jnp.sum(z**2, axis=0) + 1e-12)


def learned_scale(log_scale):
    """1 / temperature, from its logarithm as it is trained."""
    return jnp.minimum(jnp.exp(log_scale), LARGEST_SCALE)


def cosine_cross_entropy(anchors, positives, scale):
    """Mean cross-entropy of finding j = i along the rows and along the columns of the similarities
    scale cos(anchor_i, positive_j), in nats; anchors and positives are (d_hidden, batch)."""
    return pair_cross_entropy(scale * unit_columns(anchors), unit_columns(positives))
