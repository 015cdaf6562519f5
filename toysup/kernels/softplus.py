"""Sum of ln(1 + exp(.)) over all pairs of two sets of vectors: the work of a sigmoid loss.

The gradient takes one exponential a pair, and most steps need nothing else.
"""

import jax
import jax.numpy as jnp

from toysup.kernels.pairs import (
    FEW_DIMENSIONS,
    LARGEST_EXPONENT,
    PER_E,
    add_gradient,
    coordinates_of,
    exp2,
    products,
)
from toysup.vectors.call import Kernel, padded
from toysup.vectors.code import Array, Code
from toysup.vectors.usable import chosen


@jax.custom_vjp
def signed_softplus_sum(a, b):
    """Sum over i and j of ln(1 + exp(z_ij)), with z_ij = a_i . b_j, and -a_i . b_i at j = i.

    a and b are (d_hidden, batch). The slope of a pair is that of |z_ij| at LARGEST_EXPONENT
    where it is larger, from which it differs by less than 1e-34.
    """
    return jnp.sum(jnp.logaddexp(signed(a.T @ b), 0.0))


def forward(a, b):
    return signed_softplus_sum(a, b), (a, b)


def backward(kept, slope):
    a, b = kept
    by_a, by_b = chosen(in_registers, in_memory, a, b, where=len(a) <= FEW_DIMENSIONS)
    return slope * by_a, slope * by_b


signed_softplus_sum.defvjp(forward, backward)


def signed(z):
    """z with its diagonal turned round."""
    return jnp.where(jnp.eye(len(z), dtype=bool), -z, z)


def in_memory(a, b):
    """The gradient by a and by b."""
    G = signed(jax.nn.sigmoid(signed(a.T @ b)))
    return b @ G.T, a @ G


def in_registers(a, b):
    right, batch = padded(b), b.shape[1]
    by_a, by_b = KERNEL(
        a, right, results=(a.shape, right.shape), scratch=((batch, right.shape[1]),), batch=batch
    )
    return by_a, by_b[:, :batch]


def write(code: Code, a: Array, b: Array, by_a: Array, by_b: Array, kept: Array, batch):
    """The gradient, with its slopes to work on."""

    def slopes(rows):
        left = coordinates_of(a, rows)

        def at(span):
            found = []
            for row, product in zip(rows, products(left, b, span), strict=True):
                z = span.turned(row, product).within(LARGEST_EXPONENT)
                E = exp2(z * PER_E)
                found.append(span.keep(span.turned(row, E / (E + 1.0))))
            return found

        return at

    add_gradient(code, a, b, by_a, by_b, kept, batch, slopes)


KERNEL = Kernel("softplus", write)
