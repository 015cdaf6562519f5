"""The same as in `unbounded`, for similarities up to a bound: the work of a contrastive loss.

One exponential a pair serves both directions. On a processor value and gradient are found at once,
while the exponentials are in the cache.
"""

import math
from collections.abc import Sequence
from functools import partial
from typing import cast

import jax
import jax.numpy as jnp
from jax.nn import softplus

from toysup.kernels.pairs import (
    FEW_DIMENSIONS,
    LARGEST_POWER,
    PER_E,
    add_gradient,
    coordinates_of,
    exp2,
    products,
)
from toysup.kernels.unbounded import backward, in_memory
from toysup.vectors.call import Kernel, padded
from toysup.vectors.code import Array, Code
from toysup.vectors.running import Sum
from toysup.vectors.usable import chosen

LARGEST_SIMILARITY = 100.0
# Sums of exponentials stay below exp(87), and one over them is a normal float32, too.
LARGEST_LOG_SUM = 87.0
# In a smaller batch it does happen that a sample is opposed to all others, and the kernel saves
# little.
SMALLEST_BATCH = 64
ROWS_AT_ONCE = 2  # with the diagonal left out, a third no longer fits into the registers


@jax.custom_vjp
def pair_cross_entropy(a, b):
    """Mean of -ln(exp(s_ii) / sum_j exp(s_ij)) and of -ln(exp(s_ii) / sum_j exp(s_ji)), averaged.

    s = a.T @ b, for a and b of (d_hidden, batch), is at most LARGEST_SIMILARITY in size. The loss
    keeps its relative precision where it is close to 0: s_ii is left out of the sums, and a row is
    softplus(ln sum_{j != i} exp(s_ij) - s_ii), so that no large numbers cancel.

    The kernel looks for no maximum of a row. Float32 has room for 170 of the 200 nats from
    -LARGEST_SIMILARITY to LARGEST_SIMILARITY, and what is below them counts as -69 in a batch of
    64, as -65 in one of 8192. Only a row or column whose other similarities are all as low is
    taken for less opposed, and it has a say in the loss only where its s_ii is as low.
    """
    return value_and_gradient(a, b, gradient=False)[0]


def forward(a, b):
    mean, *gradient = value_and_gradient(a, b, gradient=True)
    return mean, gradient


pair_cross_entropy.defvjp(forward, backward)


def value_and_gradient(a, b, gradient: bool):
    """The loss, with its gradient by a and by b if it is asked for."""
    fast, plain = (partial(way, gradient) for way in (in_registers, in_memory))
    worth_it = len(a) <= FEW_DIMENSIONS and a.shape[1] >= SMALLEST_BATCH
    return chosen(fast, plain, a, b, where=worth_it)


def in_registers(gradient, a, b):
    left, right, batch = padded(a), padded(b), b.shape[1]
    room = right.shape[1:]
    shift = LARGEST_SIMILARITY - LARGEST_LOG_SUM + math.log(batch)
    rows, columns, own, *by = KERNEL(
        left,
        right,
        results=(room,) * 3 + (left.shape, right.shape) * gradient,
        scratch=((batch, *room), room, room, room) * gradient,
        batch=batch,
        bits=PER_E * shift,
    )
    rows, columns, own = (found[:batch] for found in (rows, columns, own))
    doubts = (softplus(jnp.log(others) + (shift - own)) for others in (rows, columns))
    return jnp.mean(sum(doubts)) / 2, *(0.5 / batch * part[:, :batch] for part in by)


def write(
    code: Code,
    a: Array,
    b: Array,
    rows: Array,
    columns: Array,
    own: Array,
    *more: Array,
    batch: int,
    bits: float,
):
    """Sums of E_ij = 2^(PER_E a_i . b_j - bits) without i = j over rows and over columns, and
    a_i . b_i; and the gradient of the mean by a and by b, with room to work on: for E, for the
    rows' and the columns' part in it, and for what stands at E_ii."""
    # Without the gradient nothing reads them.
    by_a, by_b, E, by_row, by_column, diagonal = cast(Sequence[Array], more or [None] * 6)

    def exponential(z):
        return exp2(z.at_least(-LARGEST_POWER))

    def add_up(i):
        left = [[part * PER_E for part in row] for row in coordinates_of(a, i)]
        sums = [Sum(code) for _ in i]

        def add(span, may_be_own):
            of_columns = columns[span]
            for row, total, z in zip(i, sums, products(left, b, span, -bits), strict=True):
                e = span.keep(exponential(z))
                e = span.without(row, e) if may_be_own else e
                if more:
                    E[row, span] = e
                total.add(e)
                of_columns = of_columns + e
            columns[span] = of_columns

        code.each_span_by_diagonal(batch, i, add)
        for row, total in zip(i, sums, strict=True):
            rows[row] = total.total

    def finish(span):
        """With D_i = 2^(PER_E a_i . b_i - bits), the slope by s_ij is E_ij (by_row_i + by_column_j)
        and that by s_ii is -(rows_i by_row_i + columns_i by_column_i)."""
        (similarity,) = products([[a[c, span] for c in range(a.shape[0])]], b, span)
        own[span] = similarity
        if more:
            D = exponential(similarity * PER_E - bits)
            of_row, of_column = (
                code.vector(1.0) / (others[span] + D) for others in (rows, columns)
            )
            doubt = rows[span] * of_row + columns[span] * of_column
            diagonal[span] = doubt / (of_row + of_column) * -1.0
            by_row[span], by_column[span] = of_row, of_column

    def slopes(i):
        for row in i:
            E[row, row] = diagonal[row].first
        of_rows = [by_row[row] for row in i]

        def at(span):
            pairs = zip(i, of_rows, strict=True)
            return [span.keep(E[row, span] * (part + by_column[span])) for row, part in pairs]

        return at

    code.clear(columns)
    code.each(batch, ROWS_AT_ONCE, add_up)
    code.each_span(batch, finish)
    if more:
        add_gradient(code, a, b, by_a, by_b, E, batch, slopes)


KERNEL = Kernel("similarities", write)
