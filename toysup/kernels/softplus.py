"""Sum of ln(1 + exp(.)) over all pairs of two sets of vectors: the work of a sigmoid loss.

As in `similarities`, the backward pass is written out: it takes one exponential a pair, and most
steps need nothing else.
"""

import math

import jax
import jax.numpy as jnp

from toysup.kernels.memory import written
from toysup.kernels.similarities import LARGEST_SIMILARITY, columns_times, exp2, products


@jax.custom_vjp
def signed_softplus_sum(key, a, b):
    """Sum over i and j of ln(1 + exp(z_ij)), with z_ij = a_i . b_j, and -a_i . b_i at j = i.

    a and b are (d_hidden, batch). The slope of a pair is that of |z_ij| at LARGEST_SIMILARITY
    where it is larger, from which it differs by less than 1e-34. The key changes nothing; see
    `written`.
    """
    return jnp.sum(jnp.logaddexp(signed(products(a, b)), 0.0))


def signed(z):
    """z with its diagonal turned round."""
    return jnp.where(jnp.eye(len(z), dtype=bool), -z, z)


def forward(key, a, b):
    return signed_softplus_sum(key, a, b), (key, a, b)


def backward(kept, slope):
    key, a, b = kept
    left, right = written(key, lambda: a), written(key, lambda: b)
    z = jnp.clip(signed(products(left, right)), -LARGEST_SIMILARITY, LARGEST_SIMILARITY)
    E = exp2(math.log2(math.e) * z)
    G = written(key, lambda: signed(E / (1 + E)))
    return None, slope * columns_times(G, b), slope * (a @ G)


signed_softplus_sum.defvjp(forward, backward)
