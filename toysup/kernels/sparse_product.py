"""An encoder's W x, and its gradient, where most of x is 0: what is present alone takes part.

Several features are looked at together, in those samples that have any of them. So a row of codes
is read once for all of them, and samples without zeros cost little more than a plain product.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from toysup.vectors.call import Kernel, padded
from toysup.vectors.code import Array, Code
from toysup.vectors.compiler import avx2, wide
from toysup.vectors.entries import Entries, each_entry, room_for
from toysup.vectors.running import Sum
from toysup.vectors.vector import WIDTH, Span, transposed, whole_vectors


class Tile(NamedTuple):
    """What is worked on at once: in registers, so many features and vectors of each; in the cache
    of a core, the codes of so many samples."""

    features: int
    vectors: int
    samples: int


# The vectors are of a row of codes or of W. They decide no rounding.
WIDE, NARROW = Tile(2, 7, samples=256), Tile(2, 3, samples=128)
AHEAD = 4  # features. No processor foresees where the next ones' rows are


def tile() -> Tile:
    """What fits into this processor."""
    return WIDE if wide() else NARROW


def many_features() -> int:
    """From so many features on these kernels pay on this processor.

    With AVX-512, a training step of MSE takes 0.4 to 0.5 of the time that it takes with XLA's
    products at density 0.02, 0.5 to 0.7 at 0.1, 0.7 to 1.1 at 0.3 and 0.7 to 1.2 at 0.98, from 64
    features in 16 dimensions to 1,000 in 100. At 48 in 12 it takes 1.2 to 1.3 at 0.3. With AVX2 it
    takes half at density 0.1 with 1,000 features in 32 dimensions, and as long with 1,000 in 100;
    at density 0.9 0.6 and 1.5 of it. At 100 features in 20 it would be 1.0 and 1.5 of it.
    """
    return 64 if wide() else 200


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
        d=d,
    )
    return codes[:, :d].T


def sparse_outer_product(slope, x):
    """slope @ x.T, (d_hidden, n_features), for slope (d_hidden, batch) and x as above."""
    d, n, x = len(slope), len(x), padded(x)
    room = room_for(min(tile().samples, x.shape[1]))
    (found,) = OUTER_PRODUCT(
        padded(slope.T),
        x,
        results=((d, whole_vectors(n)),),
        scratch=((n, whole_vectors(d)), (room,)),
    )
    return found[:, :n]


def each_part(code: Code, length: int, at_once: int, body: Callable) -> None:
    """body(spans) of the vectors that hold a row of so many floats: all, or parts of at most so
    many. The last one is half of a vector where that is enough."""
    vectors = whole_vectors(length) // WIDTH
    parts = -(-vectors // at_once)
    size = -(-vectors // parts) * WIDTH
    last = range((parts - 1) * size, length, WIDTH)

    def part(start):
        body([Span(code, code.plus(start, k)) for k in range(0, size, WIDTH)])

    code.loop(0, last.start, size, part)
    body([Span(code, start, min(WIDTH, length - start)).halved for start in last])


def copy_as_columns(code: Code, rows: Array, start, count: int, columns: Array) -> None:
    """`count` rows from `start` on, each as a column."""

    def some_rows(span):
        first = code.plus(start, span.start)

        def some_columns(part):
            block = [rows[code.plus(first, k), part] for k in range(span.width)]
            for k, column in enumerate(transposed(code, block)[: part.width]):
                columns[code.plus(part.start, k), span] = column

        code.each_span(columns.shape[0], some_columns)

    code.each_span(count, some_rows)


def write_product(code: Code, rows: Array, x: Array, codes: Array, columns: Array, d: int):
    """W x, a row a sample, for W with a row a feature."""

    def add(some, spans, each):
        weights = [[rows[i, span] for span in spans] for i in some]

        def at(column):
            sizes = [x[i, column] for i in some]
            for k, span in enumerate(spans):
                total = codes[column, span]
                for size, row in zip(sizes, weights, strict=True):
                    total = total + size.like(total) * row[k]
                codes[column, span] = total

        each(at)

    code.clear(codes)
    each_present(code, x, d, columns, add)


def write_outer_product(
    code: Code, slopes: Array, x: Array, result: Array, found: Array, columns: Array
):
    """x slopes, a column a feature, for slopes with a row a sample. `found`, to work on, has a row
    a feature."""

    def add(some, spans, each):
        sums = [[Sum(code, span.kind) for span in spans] for _ in some]
        for i, row in zip(some, sums, strict=True):
            for span, total in zip(spans, row, strict=True):
                total.vector = found[i, span]

        def at(column):
            sizes = [x[i, column] for i in some]
            for k, span in enumerate(spans):
                slope = slopes[column, span]
                for size, row in zip(sizes, sums, strict=True):
                    row[k].add(size.like(slope) * slope)

        each(at)
        for i, row in zip(some, sums, strict=True):
            for span, total in zip(spans, row, strict=True):
                found[i, span] = total.vector

    code.clear(found)
    each_present(code, x, result.shape[0], columns, add)
    copy_as_columns(code, found, 0, x.shape[0], result)


def each_present(code: Code, x: Array, d: int, columns: Array, body: Callable) -> None:
    """body(features, spans, each) of all features and parts of codes of `d` dimensions, in blocks
    of samples: each(inner) is inner(sample) of those where one of the features is not 0."""
    (n, batch), at_once = x.shape, tile()

    def samples(start, count):
        def features(some):
            entries = Entries(code, columns)

            def look(span):
                span = span.moved(start)
                for i in some:
                    x.prefetch(code.plus(i, AHEAD), span)
                entries.add(span, [x[i, span] for i in some])

            code.each_span(count, look)
            entries.close()
            each = partial(each_entry, code, columns)
            each_part(code, d, at_once.vectors, lambda spans: body(some, spans, each))

        code.each(n, at_once.features, features)

    code.each_block(batch, at_once.samples, samples)


PRODUCT = Kernel("sparse_product", write_product)
OUTER_PRODUCT = Kernel("sparse_outer_product", write_outer_product)
