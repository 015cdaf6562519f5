"""The squared error of a decoder behind a ReLU, with its gradient, for many features.

What the decoder answers is a dense product. Its gradient needs only the answers above 0: a 40th of
them where rare features are learned, and half of them at the start of training. A tile of answers
stays in registers until its slopes are listed.
"""

from collections.abc import Sequence
from typing import cast

from toysup.kernels.sparse_product import Tile, copy_as_columns, each_part
from toysup.vectors.call import Kernel, padded
from toysup.vectors.code import Array, Code
from toysup.vectors.compiler import wide
from toysup.vectors.entries import Entries, each_entry, room_for
from toysup.vectors.running import Sum
from toysup.vectors.vector import WIDTH, Span, whole_vectors

# Of answers; with what they are made of they fill the registers. Both have the same samples, as a
# block of them rounds its part of the gradient by V. The rest decides the rounding of the error
# and of the gradient by b.
WIDE, NARROW = Tile(4, 4, samples=128), Tile(6, 1, samples=128)
FEATURES_OF_LIST = 2  # with more, the sums of their gradients no longer fit into the registers
TILES_OF_CHUNK = 8
# Of a row of codes. With more, those of a block of samples do not stay in the first cache while a
# chunk is differentiated.
VECTORS_AT_ONCE = 3


def tile() -> Tile:
    """What fits into this processor."""
    return WIDE if wide() else NARROW


def behind_relu(gradient: bool, V, b, h, x, importance):
    """Sum over features i and samples of importance_i (x_i - relu(v_i . h + b_i))^2, with its
    gradient by V, b and h if it is asked for; see `reconstruction.squared_error`."""
    (d, batch), n = h.shape, len(x)
    rows, codes = padded(V.T), padded(h.T)
    block = min(tile().samples, whole_vectors(batch))
    room, features = room_for(block), TILES_OF_CHUNK * tile().features
    lists = features // FEATURES_OF_LIST
    total, *by = KERNEL(
        rows,
        b,
        codes,
        padded(x),
        importance,
        results=((1,),) + ((d, whole_vectors(n)), b.shape, codes.shape) * gradient,
        scratch=(rows.shape, (n, WIDTH), (lists, room), (features, block)) * gradient
        + ((d, block),),
        batch=batch,
    )
    return (total[0], by[0][:, :n], by[1], by[2][:, :d].T) if gradient else (total[0],)


def write(
    code: Code,
    rows: Array,
    b: Array,
    codes: Array,
    x: Array,
    importance: Array,
    total: Array,
    *more: Array,
    batch: int,
):
    """The error and its gradient by V, a column a feature, by b and by `codes`, h with a row a
    sample; `rows` is V with a row a feature. To work on: the gradient by `rows`, sums for b, lists
    of slopes, and the codes of a block as columns."""
    *differentiated, block = more
    # Without the gradient nothing reads them.
    by_V, by_b, by_codes, by_rows, b_sums, columns, values = cast(
        Sequence[Array], differentiated or [None] * 7
    )
    n, d, at_once = rows.shape[0], block.shape[0], tile()
    error, lane = Sum(code), Span(code, 0)

    def samples(start, count):
        def chunk(first, each):
            """Slopes of some features, listed, and what they add to the gradient."""

            def place(i):
                return code.minus(i, first)

            def list_of(some):
                return columns.row(code.divided(place(some[0]), FEATURES_OF_LIST))

            def answer(some):
                groups = [
                    slice(k, k + FEATURES_OF_LIST) for k in range(0, len(some), FEATURES_OF_LIST)
                ]
                lists = [
                    (group, Entries(code, list_of(some[group])))
                    for group in (groups if differentiated else ())
                ]

                def tile_of(spans):
                    slopes = [[] for _ in spans]
                    for i in some:  # no processor foresees the rows of the next features
                        for span in spans:
                            x.prefetch(code.plus(i, at_once.features), span.moved(start))
                    answers = answers_of(code, rows, b, block, some, spans)
                    for i, of_i in zip(some, answers, strict=True):
                        of_feature, squares = code.vector(0.0), code.vector(0.0)
                        for span, total, of_span in zip(spans, of_i, slopes, strict=True):
                            y = total.vector
                            left = span.keep(y.where_positive(y) - x[i, span.moved(start)])
                            squares = squares + left * left
                            # An importance that is no number would list columns that there are not.
                            slope = span.keep(importance[i] * 2.0 * left)
                            of_span.append(y.where_positive(slope))
                            of_feature = of_feature + of_span[-1]
                        error.add(importance[i] * squares)
                        if differentiated:
                            b_sums[i, lane] = b_sums[i, lane] + of_feature
                            for span, of_span in zip(spans, slopes, strict=True):
                                values[place(i), span] = of_span[-1]
                    for group, entries in lists:
                        for span, of_span in zip(spans, slopes, strict=True):
                            entries.add(span, of_span[group])

                code.each_spans(count, at_once.vectors, tile_of)
                for _, entries in lists:
                    entries.close()

            def differentiate(spans):
                def by(some):
                    weights = [[rows[i, span] for span in spans] for i in some]
                    sums = [[Sum(code, span.kind) for span in spans] for _ in some]

                    def at(column):
                        sample = code.plus(start, column)
                        slopes = [values[place(i), column] for i in some]
                        for k, span in enumerate(spans):
                            here, pull = codes[sample, span], by_codes[sample, span]
                            for slope, row, of_row in zip(slopes, weights, sums, strict=True):
                                of_row[k].add(slope.like(here) * here)
                                pull = pull + slope.like(here) * row[k]
                            by_codes[sample, span] = pull

                    each_entry(code, list_of(some), at)
                    for i, of_row in zip(some, sums, strict=True):
                        for span, found in zip(spans, of_row, strict=True):
                            by_rows[i, span] = by_rows[i, span] + found.vector

                each(FEATURES_OF_LIST, by)

            each(at_once.features, answer)
            if differentiated:
                each_part(code, d, VECTORS_AT_ONCE, differentiate)

        copy_as_columns(code, codes, start, count, block)
        code.each_chunk(n, TILES_OF_CHUNK * at_once.features, at_once.features, chunk)

    for array in differentiated and (by_rows, by_codes, b_sums):
        code.clear(array)
    code.each_block(batch, at_once.samples, samples)
    total[0] = error.total
    if differentiated:
        copy_as_columns(code, by_rows, 0, n, by_V)
        code.loop(0, n, 1, lambda i: by_b.__setitem__(i, b_sums[i, lane].total))


def answers_of(code: Code, rows: Array, b: Array, block: Array, some, spans) -> list[list[Sum]]:
    """V.T h + b of some features, in the samples of the spans."""
    answers = [[Sum(code) for _ in spans] for _ in some]
    for i, of_feature in zip(some, answers, strict=True):
        for answer in of_feature:
            answer.vector = b[i]

    def coordinate(c):
        parts = [block[c, span] for span in spans]
        for i, of_feature in zip(some, answers, strict=True):
            weight = rows[i, c]
            for part, answer in zip(parts, of_feature, strict=True):
                answer.add(weight * part)

    code.loop(0, block.shape[0], 1, coordinate)
    return answers


KERNEL = Kernel("sparse_reconstruction", write)
