"""Cross-entropy of finding the own partner among all, for similarities of any size.

A first look at all pairs finds the largest similarity of each row and of each column. Exponentials
of what a similarity lacks to it neither overflow nor all vanish: one for rows and one for columns.
"""

from collections.abc import Sequence
from functools import partial
from typing import cast

import jax
import jax.numpy as jnp
from jax import lax
from jax.nn import softplus

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
from toysup.vectors.running import Largest, Sum
from toysup.vectors.usable import chosen
from toysup.vectors.vector import Vector

ROWS_AT_ONCE = 2  # with the diagonal left out, a third no longer fits into the registers
NEVER = -1e30  # a similarity without weight; finite, so that gradients are
ROWS, COLUMNS = 0, 1


@jax.custom_vjp
def unbounded_cross_entropy(a, b):
    """Mean of -ln(exp(s_ii) / sum_j exp(s_ij)) and of -ln(exp(s_ii) / sum_j exp(s_ji)), averaged.

    s = a.T @ b, for a and b of (d_hidden, batch), is of any size. The loss keeps its relative
    precision where it is close to 0: s_ii is left out of the sums, and a row is
    softplus(ln sum_{j != i} exp(s_ij) - s_ii), so that no large numbers cancel.
    """
    return value_and_gradient(a, b, gradient=False)[0]


def forward(a, b):
    mean, *gradient = value_and_gradient(a, b, gradient=True)
    return mean, gradient


def backward(gradient, slope):
    return tuple(slope * part for part in gradient)


unbounded_cross_entropy.defvjp(forward, backward)


def value_and_gradient(a, b, gradient: bool):
    """The loss, with its gradient by a and by b if it is asked for."""
    fast, plain = (partial(way, gradient) for way in (in_registers, in_memory))
    return chosen(fast, plain, a, b, where=len(a) <= FEW_DIMENSIONS)


def plain_cross_entropy(a, b):
    """The same in XLA's own loops."""
    own, similarity = jnp.sum(a * b, axis=0), a.T @ b
    others = jnp.where(jnp.eye(len(own), dtype=bool), NEVER, similarity)

    def loss(axis):
        largest = lax.stop_gradient(others.max(axis=axis, keepdims=True))
        sums = jnp.exp(others - largest).sum(axis=axis)
        # Of large similarities differences are small: they come first.
        return jnp.mean(softplus(jnp.log(sums) + (largest.ravel() - own)))

    return (loss(0) + loss(1)) / 2


def in_memory(gradient, a, b):
    if not gradient:
        return (plain_cross_entropy(a, b),)
    mean, by = jax.value_and_grad(plain_cross_entropy, (0, 1))(a, b)
    return mean, *by


def in_registers(gradient, a, b):
    left, right, batch = padded(a), padded(b), b.shape[1]
    room = right.shape[1:]
    own, largest, sums, *by = KERNEL(
        left,
        right,
        results=(room, (2, *room), (2, *room)) + (left.shape, right.shape) * gradient,
        scratch=((batch, *room), (batch, *room), (2, *room)) * gradient,
        batch=batch,
    )
    doubts = softplus(jnp.log(sums) + (largest - own))[:, :batch]
    return jnp.sum(doubts) / (2 * batch), *(0.5 / batch * part[:, :batch] for part in by)


def exponential(z: Vector) -> Vector:
    """e^z for z <= LARGEST_EXPONENT. Of lower ones e^-LARGEST_EXPONENT is left."""
    return exp2(z.at_least(-LARGEST_EXPONENT) * PER_E)


def write(
    code: Code,
    a: Array,
    b: Array,
    own: Array,
    largest: Array,
    sums: Array,
    *more: Array,
    batch: int,
):
    """With s_ij = a_i . b_j: s_ii, and without it the largest s_ij of each row (0) and column (1),
    and the sum of e^(s_ij - largest) there. And the gradient of the sum of all rows' and columns'
    losses by a and by b, with room to work on: for these E_ij, and for what slopes have of them."""
    # Without the gradient nothing reads them.
    by_a, by_b, *E, share = cast(Sequence[Array], more or [None] * 5)

    def look(i):
        left, found = coordinates_of(a, i), [Largest(code, NEVER) for _ in i]

        def at(span, may_be_own):
            of_columns = largest[COLUMNS, span]
            for row, top, s in zip(i, found, products(left, b, span), strict=True):
                s = span.keep(s, NEVER)
                s = span.without(row, s, NEVER) if may_be_own else s
                top.see(s)
                of_columns = of_columns.larger(s)
            largest[COLUMNS, span] = of_columns

        code.each_span_by_diagonal(batch, i, at)
        for row, top in zip(i, found, strict=True):
            largest[ROWS, row] = top.float

    def add_up(i):
        left, totals = coordinates_of(a, i), [Sum(code) for _ in i]
        tops = [largest[ROWS, row] for row in i]

        def at(span, may_be_own):
            of_columns, top_of_columns = sums[COLUMNS, span], largest[COLUMNS, span]
            rows = zip(i, tops, totals, products(left, b, span), strict=True)
            for row, top, total, s in rows:
                both = []
                for part in (top, top_of_columns):
                    e = span.keep(exponential(s - part))
                    both.append(span.without(row, e) if may_be_own else e)
                if more:
                    E[ROWS][row, span], E[COLUMNS][row, span] = both
                total.add(both[ROWS])
                of_columns = of_columns + both[COLUMNS]
            sums[COLUMNS, span] = of_columns

        code.each_span_by_diagonal(batch, i, at)
        for row, total in zip(i, totals, strict=True):
            sums[ROWS, row] = total.total

    def finish(span):
        """A slope by s_ij is E_ij of its row by 1 / (sum + D), and the same of its column, with D
        what s_ii is among the E; that by s_ii has minus the sum in place of E_ij."""
        (s,) = products(coordinates_of(a, [span]), b, span)
        own[span] = s
        if more:
            for side in (ROWS, COLUMNS):
                D = exponential((s - largest[side, span]).within(LARGEST_EXPONENT))
                share[side, span] = code.vector(1.0) / (sums[side, span] + D)

    def slopes(i):
        for row in i:
            for side in (ROWS, COLUMNS):
                E[side][row, row] = (sums[side, row] * -1.0).first
        of_rows = [share[ROWS, row] for row in i]

        def at(span):
            of_columns = share[COLUMNS, span]
            return [
                span.keep(E[ROWS][row, span] * of_row + E[COLUMNS][row, span] * of_columns)
                for row, of_row in zip(i, of_rows, strict=True)
            ]

        return at

    code.clear(sums)
    code.fill(largest, NEVER)
    code.each(batch, ROWS_AT_ONCE, look)
    code.each(batch, ROWS_AT_ONCE, add_up)
    code.each_span(batch, finish)
    if more:
        add_gradient(code, a, b, by_a, by_b, E[ROWS], batch, slopes)


KERNEL = Kernel("unbounded", write)
