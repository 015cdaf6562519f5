"""How alike each of a batch is to all others, as a logarithm of a sum: the work of `supcon`.

One exponential a pair serves value and gradient, which are found at once on a processor.
"""

from functools import partial

import jax
import jax.numpy as jnp
from jax.nn import logsumexp

from toysup.kernels.pairs import (
    FEW_DIMENSIONS,
    LARGEST_POWER,
    PER_E,
    ROWS_AT_ONCE,
    add_gradient,
    coordinates_of,
    exp2,
    products,
)
from toysup.kernels.unbounded import backward
from toysup.vectors.call import Kernel, padded
from toysup.vectors.code import Array, Code
from toysup.vectors.running import Largest, Sum
from toysup.vectors.usable import chosen

ABSENT = -1e30  # the similarity to a sample that does not count
SMALLEST_SUM = 2.0**-126  # of a row without others, which is divided by


@jax.custom_vjp
def log_sums_of_others(a, b, weight, there):
    """Sum over i of weight_i ln of the sum of exp(a_i . b_j) over j != i that are `there`.

    a and b are (d_hidden, batch), weight and `there`, which is 0 or 1, (batch,). The last two have
    no gradient. A row of weight 0 counts nothing, and each other row must have others.
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
    rows, *by = chosen(fast, plain, a, b, weight, there, where=len(a) <= FEW_DIMENSIONS)
    return jnp.sum(weight * jnp.where(weight == 0, 0.0, rows)), *by


def in_memory(gradient, a, b, weight, there):
    """The logarithm of each row's sum, and the gradient."""
    counts = (there > 0) & ~jnp.eye(len(weight), dtype=bool)
    s = jnp.where(counts, a.T @ b, -jnp.inf)
    rows = logsumexp(s, axis=1)
    if not gradient:
        return (rows,)
    G = jnp.where(
        counts & (weight != 0)[:, None], weight[:, None] * jnp.exp(s - rows[:, None]), 0.0
    )
    return rows, b @ G.T, a @ G


def in_registers(gradient, a, b, weight, there):
    right, batch = padded(b), b.shape[1]
    tops, sums, *by = KERNEL(
        a,
        right,
        weight,
        padded(there),
        results=((batch,),) * 2 + (a.shape, right.shape) * gradient,
        scratch=((batch, right.shape[1]),),
        batch=batch,
    )
    rows = tops / PER_E + jnp.log(jnp.maximum(sums, SMALLEST_SUM))
    return rows, *(part[:, :batch] for part in by)


def write(
    code: Code,
    a: Array,
    b: Array,
    weight: Array,
    there: Array,
    tops: Array,
    sums: Array,
    *more: Array,
    batch: int,
):
    """The largest z_ij = PER_E a_i . b_j of each row i, and the sum of E_ij = 2^(z_ij - largest);
    and the gradient by a and by b. To work on: room for z, which becomes E."""
    E, by = more[-1], more[:-1]

    def add_up(i):
        left = [[part * PER_E for part in row] for row in coordinates_of(a, i)]
        largest, totals = [Largest(code, ABSENT) for _ in i], [Sum(code) for _ in i]

        def look(span, may_be_own):
            absent = span.keep(there[span] * -ABSENT + ABSENT, otherwise=ABSENT)
            for row, top, z in zip(i, largest, products(left, b, span), strict=True):
                z = z + absent
                z = span.without(row, z, instead=ABSENT) if may_be_own else z
                E[row, span] = z
                top.see(z)

        def add(span):
            for row, top, total in zip(i, of_rows, totals, strict=True):
                z = E[row, span]
                e = exp2((z - top).at_least(-LARGEST_POWER))
                e = (z - ABSENT / 2).where_positive(e)
                E[row, span] = e
                total.add(e)

        code.each_span_by_diagonal(batch, i, look)
        for row, top in zip(i, largest, strict=True):
            tops[row] = top.float
        of_rows = [tops[row] for row in i]
        code.each_span(batch, add)
        for row, total in zip(i, totals, strict=True):
            sums[row] = total.total

    def slopes(i):
        add_up(i)
        shares = [weight[row] / sums[row].at_least(SMALLEST_SUM) for row in i]
        return lambda span: [E[row, span] * share for row, share in zip(i, shares, strict=True)]

    if by:
        by_a, by_b = by
        add_gradient(code, a, b, by_a, by_b, E, batch, slopes)
    else:
        code.each(batch, ROWS_AT_ONCE, add_up)


KERNEL = Kernel("others", write)
