"""Log-sum-exps over all pairs of two sets of vectors: the work of a contrastive loss.

One exponential a pair serves both directions. On a processor value and gradient are found at once,
while the exponentials are in the cache.
"""

import math
from functools import partial

import jax
import jax.numpy as jnp

from toysup.kernels.pairs import (
    FEW_DIMENSIONS,
    PER_E,
    ROWS_AT_ONCE,
    add_gradient,
    coordinates_of,
    exp2,
    products,
)
from toysup.vectors.call import Kernel, chosen, padded
from toysup.vectors.code import Array, Code
from toysup.vectors.vector import Sum

# In float32, sums of exp(-80) to exp(80) over a batch stay exact.
LARGEST_SIMILARITY = 80.0


@jax.custom_vjp
def mean_log_sum_exp(a, b):
    """Mean log-sum-exp of the rows and of the columns of the similarities a.T @ b, meaned.

    a is (d_hidden, rows) and b (d_hidden, columns), with similarities of at most
    LARGEST_SIMILARITY in size: then nothing overflows or vanishes, and no maximum is looked for.
    """
    return value_and_gradient(a, b, gradient=False)[0]


def forward(a, b):
    mean, *gradient = value_and_gradient(a, b, gradient=True)
    return mean, gradient


def backward(gradient, slope):
    return tuple(slope * part for part in gradient)


mean_log_sum_exp.defvjp(forward, backward)


def value_and_gradient(a, b, gradient: bool):
    """The mean, with its gradient by a and by b if it is asked for."""
    fast, plain = (partial(way, gradient) for way in (in_registers, in_memory))
    return chosen(fast, plain, a, b, where=len(a) <= FEW_DIMENSIONS)


def shift(a, b):
    """Taken from all similarities, so that sums of their exponentials stay in the middle."""
    return math.log(max(a.shape[1], b.shape[1])) / 2


def mean_of(shift, rows, columns):
    """The mean, from the sums of the shifted exponentials."""
    return shift + (jnp.mean(jnp.log(rows)) + jnp.mean(jnp.log(columns))) / 2


def in_memory(gradient, a, b):
    E = jnp.exp(a.T @ b - shift(a, b))
    rows, columns = E.sum(axis=1), E.sum(axis=0)
    by_row, by_column = (0.5 / (len(sums) * sums) for sums in (rows, columns))
    G = E * (by_row[:, None] + by_column[None, :])
    mean = mean_of(shift(a, b), rows, columns)
    return (mean, b @ G.T, a @ G) if gradient else (mean,)


def in_registers(gradient, a, b):
    right = padded(b)
    (_, count), (_, others), room = a.shape, b.shape, right.shape[1]
    rows, columns, *by = KERNEL(
        a,
        right,
        results=((count,), (room,)) + (a.shape, right.shape) * gradient,
        scratch=((count, room), (room,)) * gradient,
        others=others,
        bits=PER_E * shift(a, b),
    )
    mean = mean_of(shift(a, b), rows, columns[:others])
    return (mean, by[0], by[1][:, :others]) if gradient else (mean,)


def write(code: Code, a: Array, b: Array, rows: Array, columns: Array, *more: Array, others, bits):
    """Sums of E_ij = 2^(PER_E a_i . b_j - bits) over rows and over columns; and the gradient of
    the mean by a and by b, with E, and what is the columns' part of it, to work on."""
    by_a, by_b, E, by_column = more or [None] * 4
    count = a.shape[1]

    def add_up(i):
        left = [[part * PER_E for part in row] for row in coordinates_of(a, i)]
        sums = [Sum(code) for _ in i]

        def add(span):
            of_columns = columns[span]
            for row, total, z in zip(i, sums, products(left, b, span), strict=True):
                exponential = span.keep(exp2(z - bits))
                if more:
                    E[row, span] = exponential
                total.add(exponential)
                of_columns = of_columns + exponential
            columns[span] = of_columns

        code.each_span(others, add)
        for row, total in zip(i, sums, strict=True):
            rows[row] = total.total

    def slopes(i):
        by_row = [code.vector(0.5 / count) / rows[row] for row in i]

        def at(span):
            pairs = zip(i, by_row, strict=True)
            return [span.keep(E[row, span] * (part + by_column[span])) for row, part in pairs]

        return at

    code.clear(columns)
    code.each(count, ROWS_AT_ONCE, add_up)
    if more:

        def invert(span):
            by_column[span] = code.vector(0.5 / others) / columns[span]

        code.each_span(others, invert)
        add_gradient(code, a, b, by_a, by_b, E, others, slopes)


KERNEL = Kernel("similarities", write)
