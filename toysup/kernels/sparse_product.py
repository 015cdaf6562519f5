"""An encoder's W x, and its gradient, where most of x is 0: what is present alone takes part.

Several features are looked at together, in those samples that have any of them. So a row of codes
is read once for all of them, and samples without zeros cost little more than a plain product.
"""

from collections.abc import Callable
from typing import NamedTuple

from toysup.vectors.call import Kernel, padded
from toysup.vectors.code import Array, Code
from toysup.vectors.compiler import avx2, wide
from toysup.vectors.entries import Entries, room_for
from toysup.vectors.vector import WIDTH, Sum, whole_vectors


class Tile(NamedTuple):
    """What is worked on at once: in registers, so many features and vectors of each; in the cache
    of a core, the codes of so many samples."""

    features: int
    vectors: int
    samples: int


# The vectors are of a row of codes or of W. They decide no rounding.
WIDE, NARROW = Tile(4, 7, samples=256), Tile(2, 3, samples=128)


def tile() -> Tile:
    """What fits into this processor."""
    return WIDE if wide() else NARROW


def many_features() -> int:
    """From so many features on these kernels pay on this processor.

    With AVX-512, a training step of MSE at density 0.05 takes 0.7 of the time that it takes with
    XLA's products, at 100 features in 20 dimensions as at 1,000 in 100; at density 0.3 the two are
    alike, and at density 1 it takes 1.3 of that time, or 1.1. With AVX2, a step at density 0.1
    takes 0.5 of it at 1,000 features in 32 dimensions, and as long at 1,000 in 100; at density 0.9
    0.6 and 1.5 of it. At 100 features in 20 dimensions it would be 1.0 and 1.5 of it.
    """
    return 100 if wide() else 200


def pays(n_features: int) -> bool:
    """Whether these kernels are worth it, for so many features on this processor. Others than those
    of Intel and AMD have not been tried."""
    return n_features >= many_features() and avx2()


def sparse_product(W, x):
    """W @ x, (d_hidden, batch), for W (d_hidden, n_features) and x (n_features, batch)."""
    d, batch = len(W), x.shape[1]
    room = room_for(min(tile().samples, whole_vectors(batch)))
    (codes,) = PRODUCT(
        padded(W.T),
        padded(x),
        results=((batch, whole_vectors(d)),),
        scratch=((room,),),
    )
    return codes[:, :d].T


def sparse_outer_product(slope, x):
    """slope @ x.T, (d_hidden, n_features), for slope (d_hidden, batch) and x as above."""
    d, x = len(slope), padded(x)
    room = room_for(min(tile().samples, x.shape[1]))
    (found,) = OUTER_PRODUCT(
        padded(slope.T),
        x,
        results=((len(x), whole_vectors(d)),),
        scratch=((room,),),
    )
    return found[:, :d].T


def each_part(code: Code, row: int, body: Callable) -> None:
    """body(spans) of the vectors of a row of so many floats: all, or even parts of them."""
    vectors = row // WIDTH
    parts = -(-vectors // tile().vectors)
    code.each_spans(row, -(-vectors // parts), body)


def write_product(code: Code, rows: Array, x: Array, codes: Array, columns: Array):
    """W x, a row a sample, for W with a row a feature."""
    (n, width), batch = rows.shape, x.shape[1]

    def samples(start, count):
        def features(some):
            entries = Entries(code, columns)

            def look(span):
                span = span.moved(start)
                for i in some:  # no processor foresees the rows of the next features
                    x.prefetch(code.plus(i, tile().features), span)
                entries.add(span, [x[i, span] for i in some])

            def add(spans):
                weights = [[rows[i, span] for span in spans] for i in some]

                def at(column):
                    sizes = [x[i, column] for i in some]
                    for k, span in enumerate(spans):
                        total = codes[column, span]
                        for size, row in zip(sizes, weights, strict=True):
                            total = total + size * row[k]
                        codes[column, span] = total

                entries.each(at)

            code.each_span(count, look)
            each_part(code, width, add)

        code.each(n, tile().features, features)

    code.clear(codes)
    code.each_block(batch, tile().samples, samples)


def write_outer_product(code: Code, slopes: Array, x: Array, found: Array, columns: Array):
    """x slopes, a row a feature, for slopes with a row a sample."""
    n, batch = x.shape

    def samples(start, count):
        def features(some):
            entries = Entries(code, columns)

            def look(span):
                span = span.moved(start)
                entries.add(span, [x[i, span] for i in some])

            def add(spans):
                sums = [[Sum(code) for _ in spans] for _ in some]
                for i, row in zip(some, sums, strict=True):
                    for span, total in zip(spans, row, strict=True):
                        total.vector = found[i, span]

                def at(column):
                    sizes = [x[i, column] for i in some]
                    for k, span in enumerate(spans):
                        slope = slopes[column, span]
                        for size, row in zip(sizes, sums, strict=True):
                            row[k].add(size * slope)

                entries.each(at)
                for i, row in zip(some, sums, strict=True):
                    for span, total in zip(spans, row, strict=True):
                        found[i, span] = total.vector

            code.each_span(count, look)
            each_part(code, slopes.shape[1], add)

        code.each(n, tile().features, features)

    code.clear(found)
    code.each_block(batch, tile().samples, samples)


PRODUCT = Kernel("sparse_product", write_product)
OUTER_PRODUCT = Kernel("sparse_outer_product", write_outer_product)
