"""Many columns sorted side by side: the work of measuring how Gaussian a code is.

A network of exchanges asks nothing of the data, so that a vector of columns goes through at once.
"""

import jax.numpy as jnp

from toysup.vectors.call import Kernel, padded
from toysup.vectors.code import Array, Code
from toysup.vectors.usable import chosen


def sorted_columns(x):
    """x, (count, columns), with each column in ascending order. One with a NaN has no order."""
    return chosen(in_registers, in_memory, x)


def in_memory(x):
    return jnp.sort(x, axis=0)


def in_registers(x):
    wide = padded(x)
    (found,) = KERNEL(wide, results=(wide.shape,))
    return found[:, : x.shape[1]]


def write(code: Code, x: Array, found: Array):
    """Merge exchange, on a vector of columns after the other.

    Source: Knuth, "The Art of Computer Programming" 3, algorithm 5.2.2M; the network is Batcher's.
    """
    count, columns = x.shape
    levels = (count - 1).bit_length()
    most = 1 << max(0, levels - 1)

    def sort(span):
        def copy(i):
            found[i, span] = x[i, span]

        def exchange(block, distance, offset):
            """i with i + distance, for each i with (i - offset) % (2 block) < block."""
            last = code.minus(count, distance)

            def compare(i):
                other = code.plus(i, distance)
                found[i, span], found[other, span] = found[i, span].ordered(found[other, span])

            def run(start):
                code.loop(start, code.least(code.plus(start, block), last), 1, compare)

            code.loop(offset, last, code.plus(block, block), run)

        def merge(level):
            block = code.halved(most, level)
            exchange(block, block, 0)
            code.loop(
                0,
                level,
                1,
                lambda k: exchange(block, code.minus(code.halved(most, k), block), block),
            )

        code.loop(0, count, 1, copy)
        code.loop(0, levels, 1, merge)

    code.each_span(columns, sort)


KERNEL = Kernel("sort", write)
