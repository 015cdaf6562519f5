"""What the objectives that pick a positive out of the batch have in common."""

import jax.numpy as jnp
from jax import lax

from toysup.kernels.similarities import LARGEST_SIMILARITY, log_sum_exps

# CLIP stops its scale at 100.
LARGEST_SCALE = LARGEST_SIMILARITY


def unit_columns(z):
    """Columns of length one; an all-zero column stays zero, with a finite gradient."""
    return z * lax.rsqrt(jnp.sum(z**2, axis=0) + 1e-12)


def learned_scale(log_scale):
    """1 / temperature, from its logarithm as it is trained."""
    return jnp.minimum(jnp.exp(log_scale), LARGEST_SCALE)


def symmetric_cross_entropy(own, log_sum_exps):
    """Mean cross-entropy of finding j = i along the rows and along the columns, in nats.

    `own` is the similarity of each anchor with its own positive, (batch,).
    """
    rows, columns = log_sum_exps
    return jnp.mean(rows + columns) / 2 - jnp.mean(own)


def cosine_cross_entropy(key, anchors, positives, scale):
    """The same of cosines times `scale`, for anchors and positives of any length."""
    anchors, positives = scale * unit_columns(anchors), unit_columns(positives)
    own = jnp.sum(anchors * positives, axis=0)
    return symmetric_cross_entropy(own, log_sum_exps(key, anchors, positives))
