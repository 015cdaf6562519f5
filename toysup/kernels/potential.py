"""Sum of Gaussian potentials over all pairs of a set of vectors: the work of a uniformity loss.

The potentials are symmetric, so that one product with them is all that the gradient takes.
"""

import jax
import jax.numpy as jnp

from toysup.kernels.pairs import PER_E, ROWS_AT_ONCE, coordinates_of, exp2, products
from toysup.vectors.call import Kernel, padded
from toysup.vectors.code import Array, Code
from toysup.vectors.running import Sum
from toysup.vectors.usable import chosen

FEW_DIMENSIONS = 8  # with more, sums over a row no longer fit into the registers


@jax.custom_vjp
def potential_sum(z, sharpness):
    """Sum over i != j of exp(-sharpness |z_i - z_j|^2), for z (d_hidden, batch).

    The exponents are at most `pairs.LARGEST_EXPONENT` in size.
    """
    return forward(z, sharpness)[0]


def forward(z, sharpness):
    rows, pulled = chosen(in_registers, in_memory, z, sharpness, where=len(z) <= FEW_DIMENSIONS)
    return jnp.sum(rows), (z, sharpness, rows, pulled)


def backward(kept, slope):
    z, sharpness, rows, pulled = kept
    by_z = -4 * sharpness * (z * rows - pulled)
    by_sharpness = -2 * (jnp.sum(jnp.sum(z**2, axis=0) * rows) - jnp.sum(pulled * z))
    return slope * by_z, slope * by_sharpness


potential_sum.defvjp(forward, backward)


def in_memory(z, sharpness):
    """Of the potentials E_ij, 0 at i = j: their sums over j, (batch,), and z @ E."""
    lengths = jnp.sum(z**2, axis=0)
    squares = lengths[:, None] + lengths[None, :] - 2 * z.T @ z
    E = jnp.where(jnp.eye(len(lengths), dtype=bool), 0.0, jnp.exp(-sharpness * squares))
    return E.sum(axis=1), z @ E


def in_registers(z, sharpness):
    right = padded(z)
    half = PER_E * sharpness * jnp.sum(right**2, axis=0)
    left = 2 * PER_E * sharpness * right
    batch = z.shape[1]
    return KERNEL(left, right, half, results=((batch,), z.shape), batch=batch)


def write(code: Code, left: Array, z: Array, half: Array, rows: Array, pulled: Array, batch):
    """The same, of E_ij = 2^(left_i . z_j - half_i - half_j)."""
    dimensions = range(z.shape[0])

    def add_up(i):
        sums, pulls = [Sum(code) for _ in i], [[Sum(code) for _ in dimensions] for _ in i]
        vectors, halves = coordinates_of(left, i), [half[row] for row in i]

        def add(span):
            for k, similarity in enumerate(products(vectors, z, span)):
                exponential = exp2(similarity - halves[k] - half[span])
                E = span.keep(span.without(i[k], exponential))
                sums[k].add(E)
                for c in dimensions:
                    pulls[k][c].add(E * z[c, span])

        code.each_span(batch, add)
        for row, total, pull in zip(i, sums, pulls, strict=True):
            rows[row] = total.total
            for c in dimensions:
                pulled[c, row] = pull[c].total

    code.each(batch, ROWS_AT_ONCE, add_up)


KERNEL = Kernel("potential", write)
