"""How alike each of a batch is to all others, as a logarithm of a sum: the work of `supcon`.

One exponential a pair serves value and gradient, which are found at once on a processor.
"""

import math
from collections.abc import Sequence
from functools import partial
from typing import cast

import jax
import jax.numpy as jnp
from jax.nn import logsumexp

from toysup.kernels.pairs import (
    FEW_DIMENSIONS,
    LARGEST_POWER,
    PER_E,
    add_gradient,
    coordinates_of,
    exp2,
    products,
)
from toysup.kernels.similarities import LARGEST_LOG_SUM, LARGEST_SIMILARITY
from toysup.kernels.unbounded import backward
from toysup.vectors.call import Kernel, padded
from toysup.vectors.code import Array, Code
from toysup.vectors.usable import chosen
from toysup.vectors.vector import Sum

ROWS_AT_ONCE = 3
SMALLEST_SUM = 1e-37  # of a row without others


@jax.custom_vjp
def log_sums_of_others(a, b, weight, there):
    """Sum over i of weight_i ln sum_{j != i} there_j exp(a_i . b_j).

    a and b are (d_hidden, batch), and a_i . b_j is at most `similarities.LARGEST_SIMILARITY` in
    size. `weight` and `there` are (batch,); a row of weight 0 counts nothing, and one of another
    weight must have others. They have no gradient. What is 73 nats and more below
    LARGEST_SIMILARITY counts as such.
    """
    return value_and_gradient(a, b, weight, there, gradient=False)[0]


def forward(a, b, weight, there):
    value, *by = value_and_gradient(a, b, weight, there, gradient=True)
    return value, (*by, weight, there)


def pull_back(kept, slope):
    *by, weight, there = kept
    return *backward(by, slope), jnp.zeros_like(weight), jnp.zeros_like(there)


log_sums_of_others.defvjp(forward, pull_back)


def value_and_gradient(a, b, weight, there, gradient: bool):
    """The value, with its gradient by a and by b if it is asked for."""
    fast, plain = (partial(way, gradient) for way in (in_registers, in_memory))
    return chosen(fast, plain, a, b, weight, there, where=len(a) <= FEW_DIMENSIONS)


def in_memory(gradient, a, b, weight, there):
    counts = (there > 0) & ~jnp.eye(len(weight), dtype=bool)
    s = jnp.where(counts, a.T @ b, -jnp.inf)
    rows = logsumexp(s, axis=1, b=jnp.where(counts, there, 0.0))
    value = weighted(weight, rows)
    if not gradient:
        return (value,)
    shares = there * jnp.exp(s - jnp.where(weight == 0, jnp.inf, rows)[:, None])
    G = weight[:, None] * jnp.where(counts, shares, 0.0)
    return value, b @ G.T, a @ G


def weighted(weight, rows):
    return jnp.sum(weight * jnp.where(weight == 0, 0.0, rows))


def in_registers(gradient, a, b, weight, there):
    right, batch = padded(b), b.shape[1]
    shift = LARGEST_SIMILARITY - LARGEST_LOG_SUM + math.log(batch)
    rows, *by = KERNEL(
        a,
        right,
        weight,
        padded(there),
        results=((batch,),) + (a.shape, right.shape) * gradient,
        scratch=((batch, right.shape[1]),) * gradient,
        bits=PER_E * shift,
        batch=batch,
    )
    value = weighted(weight, jnp.log(jnp.maximum(rows, SMALLEST_SUM)) + shift)
    return value, *(part[:, :batch] for part in by)


def write(
    code: Code,
    a: Array,
    b: Array,
    weight: Array,
    there: Array,
    rows: Array,
    *more: Array,
    batch: int,
    bits: float,
):
    """Sums over j != i of E_ij = there_j 2^(PER_E a_i . b_j - bits); and the gradient by a and by
    b, with room to work on for E."""
    by_a, by_b, E = cast(Sequence[Array], more or [None] * 3)

    def add_up(i):
        left = [[part * PER_E for part in row] for row in coordinates_of(a, i)]
        sums = [Sum(code) for _ in i]

        def add(span):
            for row, total, z in zip(i, sums, products(left, b, span, -bits), strict=True):
                e = exp2(z.at_least(-LARGEST_POWER)) * there[span]
                e = span.without(row, span.keep(e))
                if more:
                    E[row, span] = e
                total.add(e)

        code.each_span(batch, add)
        for row, total in zip(i, sums, strict=True):
            rows[row] = total.total

    def slopes(i):
        add_up(i)
        shares = [code.vector(1.0) / rows[row].at_least(SMALLEST_SUM) for row in i]
        # A small weight by a large sum would be no normal float.
        return lambda span: [
            E[row, span] * share * weight[row] for row, share in zip(i, shares, strict=True)
        ]

    if more:
        add_gradient(code, a, b, by_a, by_b, E, batch, slopes)
    else:
        code.each(batch, ROWS_AT_ONCE, add_up)


KERNEL = Kernel("others", write)
