"""What the kernels over all pairs of two sets of vectors, (d_hidden, count) each, have in common.

A few rows are taken at a time, and of the columns a vector after the other, which is then read
once for those rows.
"""

import math

import numpy as np

from toysup.vectors.code import Array, Code
from toysup.vectors.running import Sum
from toysup.vectors.vector import INTEGERS, Span, Vector

# What these many take fits into the registers. They decide no rounding.
ROWS_AT_ONCE, COORDINATES_AT_ONCE = 3, 5
PER_E = math.log2(math.e)  # powers of two in a power of e
LARGEST_POWER = 125.0  # of two, of either sign, that `exp2` takes
# The same as a power of e, with room for sums over a batch.
LARGEST_EXPONENT = 80.0
# With more, XLA's products of matrices make up for the memory that they go through.
FEW_DIMENSIONS = 24

# The polynomial of degree 5 that is 2^f on [-1/2, 1/2] to within 8e-8 of itself.
POWERS = (1.00000007, 0.69314697, 0.2402212, 0.05550713, 0.00967554, 0.00132765)


def exp2(x: Vector) -> Vector:
    """2^x for |x| <= LARGEST_POWER, to within 3e-7 of itself. NaN stays NaN."""
    shifted = x + INTEGERS
    whole, power = shifted - INTEGERS, x.code.vector(POWERS[-1])
    for coefficient in POWERS[-2::-1]:
        power = power * (x - whole) + coefficient
    return power.doubled(shifted)


def coordinates_of(a: Array, rows: list) -> list[list[Vector]]:
    """Vectors of each coordinate of some rows."""
    return [[a[c, row] for c in range(a.shape[0])] for row in rows]


def products(left: list[list[Vector]], b: Array, span: Span, more: float = 0.0) -> list[Vector]:
    """a_i . b_j + more, for each row i of `left` and the columns j of a span."""
    right = [b[c, span] for c in range(b.shape[0])]
    found = []
    for row in left:
        total = row[0] * right[0]
        if more:  # here, where it is rounded with a product
            total = total + more
        for one, other in zip(row[1:], right[1:], strict=True):
            total = total + one * other
        found.append(total)
    return found


def add_gradient(
    code: Code, a: Array, b: Array, by_a: Array, by_b: Array, G: Array, columns: int, slopes_of
) -> None:
    """The gradient of a sum of f(a_i . b_j) over pairs, by a and by b, from its slopes G_ij = f'.

    `slopes_of(rows)` makes a function of a span that gives those of each row. They are written to
    G, (rows, columns), where not all coordinates are summed at once.
    """
    code.clear(by_b)
    d, (count, _) = a.shape[0], G.shape
    parts = np.array_split(np.arange(d), -(-d // COORDINATES_AT_ONCE))

    def from_memory(rows):
        return lambda span: [G[row, span] for row in rows]

    def kept_in_memory(rows):
        slopes_at = slopes_of(rows)

        def at(span):
            slopes = slopes_at(span)
            for row, slope in zip(rows, slopes, strict=True):
                G[row, span] = slope
            return slopes

        return at

    def add_part(coordinates, source):
        def add(rows):
            left = [[a[c, row] for c in coordinates] for row in rows]
            sums = [[Sum(code) for _ in coordinates] for _ in rows]
            slopes_at = source(rows)

            def at(span):
                slopes = slopes_at(span)
                for k, c in enumerate(coordinates):
                    column, total = b[c, span], by_b[c, span]
                    for slope, row, added in zip(slopes, left, sums, strict=True):
                        added[k].add(slope * column)
                        total = total + slope * row[k]
                    by_b[c, span] = total

            code.each_span(columns, at)
            for row, added in zip(rows, sums, strict=True):
                for c, total in zip(coordinates, added, strict=True):
                    by_a[c, row] = total.total

        code.each(count, ROWS_AT_ONCE, add)

    add_part(parts[0].tolist(), kept_in_memory if len(parts) > 1 else slopes_of)
    for part in parts[1:]:
        add_part(part.tolist(), from_memory)
