"""What the objectives that decorrelate hidden units have in common."""

import jax.numpy as jnp
from jax import lax


def centred(z):
    """Rows less their means over the batch."""
    return z - jnp.mean(z, axis=1, keepdims=True)


def standardised(z):
    """Rows of mean 0 and variance 1; one that does not vary is zero, with a finite gradient."""
    z = centred(z)
    return z * lax.rsqrt(jnp.mean(z**2, axis=1, keepdims=True) + 1e-12)


def off_diagonal_squares(C):
    """sum_{i != j} C_ij^2 of a square matrix."""
    return jnp.sum(jnp.where(jnp.eye(len(C), dtype=bool), 0.0, C) ** 2)
