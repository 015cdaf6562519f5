"""The decoder's W.T h + b: two products that compilers do better when told how."""

import jax
import jax.numpy as jnp
from jax import lax


@jax.custom_vjp
def affine(W, b, h):
    """W.T @ h + b, (n_features, batch), for W (d_hidden, n_features) and h (d_hidden, batch)."""
    # A transposed copy of W costs nothing beside a product with a transposed operand.
    return lax.optimization_barrier(W.T) @ h + b[:, None]


def forward(W, b, h):
    return affine(W, b, h), (W, h)


def backward(kept, slope):
    W, h = kept
    # The sum over the batch as a product, which uses vector registers.
    return h @ slope.T, slope @ jnp.ones(slope.shape[1]), W @ slope


affine.defvjp(forward, backward)
