"""Sum of Gaussian potentials over all pairs of a set of vectors: the work of a uniformity loss.

As in `similarities`, the backward pass is written out: the potentials are symmetric, so that one
product with them is all that it takes.
"""

import math

import jax
import jax.numpy as jnp

from toysup.kernels.memory import written
from toysup.kernels.similarities import exp2, products


@jax.custom_vjp
def potential_sum(key, z, sharpness):
    """Sum over i != j of exp(-sharpness |z_i - z_j|^2), for z (d_hidden, batch).

    The exponents are at most LARGEST_SIMILARITY in size. The key changes nothing; see `written`.
    """
    return forward(key, z, sharpness)[0]


def forward(key, z, sharpness):
    slope = math.log2(math.e) * sharpness
    lengths = jnp.sum(z**2, axis=0)
    left, right = written(key, lambda: 2 * slope * z), written(key, lambda: z)
    half = written(key, lambda: slope * lengths)
    other = ~jnp.eye(len(lengths), dtype=bool)

    def potentials():
        exponents = products(left, right) - half[:, None] - half[None, :]
        return jnp.where(other, exp2(exponents), 0.0)

    E = written(key, potentials)
    rows = E.sum(axis=1)
    return jnp.sum(rows), (z, lengths, sharpness, E, rows)


def backward(kept, slope):
    z, lengths, sharpness, E, rows = kept
    pulled = z @ E
    by_z = -4 * sharpness * (z * rows - pulled)
    by_sharpness = -2 * (jnp.sum(lengths * rows) - jnp.sum(pulled * z))
    return None, slope * by_z, slope * by_sharpness


potential_sum.defvjp(forward, backward)
