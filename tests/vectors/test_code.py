import jax.numpy as jnp
import numpy as np
import pytest

from toysup.vectors.call import Kernel, padded
from toysup.vectors.running import Sum
from toysup.vectors.vector import INTEGERS, WIDTH, Span, whole_vectors

rng = np.random.default_rng(0)


def on_columns(name, change):
    """The operation that `change(span, vector)` is on each vector of columns, (rows, columns)."""

    def write(code, x, y, columns):
        def at(span):
            for row in range(x.shape[0]):
                y[row, span] = change(span, x[row, span])

        code.each_span(columns, at)

    kernel = Kernel(name, write)

    def call(x):
        wide = padded(jnp.asarray(x, jnp.float32))
        (y,) = kernel(wide, results=(wide.shape,), columns=x.shape[1])
        return np.asarray(y)

    return call


X = rng.normal(size=(3, 37)).astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("arithmetic", lambda _, v: (v + 1.5) * v - v / 2.0, (X + 1.5) * X - X / 2),
        ("within", lambda _, v: v.within(0.5), np.clip(X, -0.5, 0.5)),
        ("at_least", lambda _, v: v.at_least(-0.5), np.maximum(X, -0.5)),
        ("positive", lambda _, v: v.where_positive(v * 3.0), np.where(X > 0, 3 * X, 0)),
        ("doubled", lambda _, v: v.doubled(v * 4.0 + INTEGERS), X * 2 ** np.rint(X * 4)),
        ("without", lambda s, v: s.without(20, v), np.where(np.arange(37) == 20, 0, X)),
        ("turned", lambda s, v: s.turned(36, v), np.where(np.arange(37) == 36, -X, X)),
    ],
)
def test_operations_on_vectors_are_numpys(name, change, expected):
    np.testing.assert_allclose(on_columns(name, change)(X)[:, :37], expected, rtol=1e-6, atol=1e-7)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("joined", lambda _, w: (w ^ 5) | 2, lambda w: (w ^ 5) | 2),
        ("shifted", lambda _, w: (w << 3) + (w >> 7), lambda w: (w << 3) + (w >> 7)),
        ("numbered", lambda s, w: w + s.numbers, lambda w: w + np.arange(37, dtype=np.uint32)),
    ],
)
def test_operations_on_words_are_numpys_and_wrap_around(name, change, expected):
    words = rng.integers(0, 2**32, (3, 37), dtype=np.uint32)
    found = on_columns(f"words_{name}", lambda span, v: change(span, v.words).vector)(
        words.view(np.float32)
    )
    np.testing.assert_array_equal(found[:, :37].view(np.uint32), expected(words))


@pytest.mark.slow
def test_nan_stays_nan_where_numbers_are_cut_off_or_picked():
    nothing = np.full((1, WIDTH), np.nan, np.float32)
    for name, change in (
        ("nan_within", lambda _, v: v.within(0.5)),
        ("nan_at_least", lambda _, v: v.at_least(0.5)),
        ("nan_positive", lambda _, v: v.where_positive(v)),
    ):
        assert np.isnan(on_columns(name, change)(nothing)).all()


@pytest.mark.slow
def test_columns_that_there_are_not_count_as_zero_whatever_they_hold():
    ones = on_columns("keep", lambda span, v: span.keep(v + 1.0))(np.zeros((1, 37)))
    np.testing.assert_array_equal(ones[0], np.arange(whole_vectors(37)) < 37)


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 15, 16, 17, 64, 100])
def test_sums_over_columns_meet_each_once(count):
    def write(code, x, total, columns, at_once):
        found = Sum(code)

        def add(spans):
            for span in spans:
                found.add(span.keep(x[span] + 1.0))

        code.each_spans(columns, at_once, add)
        total[0] = found.total

    x = rng.normal(size=count).astype(np.float32)
    for at_once in (1, 2, 3):
        kernel = Kernel(f"sum_{at_once}", write)
        (total,) = kernel(padded(jnp.asarray(x)), results=((1,),), columns=count, at_once=at_once)
        np.testing.assert_allclose(total[0], (x.astype(float) + 1).sum(), rtol=1e-6)


@pytest.mark.slow
@pytest.mark.some(2)
@pytest.mark.parametrize("count", [1, 15, 16, 17, 48, 100])
@pytest.mark.parametrize("at_once", [1, 3])
def test_spans_on_the_diagonal_are_told_and_each_is_met_once(count, at_once):
    def write(code, x, y):
        def of_rows(rows):
            def add(span, may_be_own):
                for row in rows:
                    kept = span.without(row, x[span]) if may_be_own else x[span]
                    y[row, span] = y[row, span] + kept

            code.each_span_by_diagonal(count, rows, add)

        code.clear(y)
        code.each(count, at_once, of_rows)

    x = padded(jnp.arange(1.0, count + 1))
    (y,) = Kernel(f"diagonal_{at_once}", write)(x, results=((count, *x.shape),))
    expected = np.where(np.eye(count, dtype=bool), 0, np.arange(1, count + 1))
    np.testing.assert_array_equal(y[:, :count], expected)


@pytest.mark.slow
def test_the_first_float_of_a_vector_is_written_to_a_place():
    def write(code, x, y):
        y[1] = x[1].first

    (y,) = Kernel("first", write)(jnp.arange(3.0), results=((3,),))
    assert y[1] == 1


def test_a_vector_is_not_written_over_the_neighbours_of_a_single_place():
    def write(code, x, y):
        y[0] = x[0] + 1.0

    with pytest.raises(TypeError, match="span"):
        Kernel("over_the_edge", write)(jnp.zeros(1), results=((1,),))


@pytest.mark.slow
def test_blocks_cover_all_columns_once_and_know_their_length():
    def write(code, x, y):
        def block(start, length):
            def at(span):
                span = span.moved(start)
                y[span] = x[span] + float(length)

            code.each_span(length, at)

        code.each_block(x.shape[0], 2 * WIDTH, block)

    x = np.arange(5 * WIDTH, dtype=np.float32)
    (y,) = Kernel("blocks", write)(x, results=(x.shape,))
    lengths = [2 * WIDTH] * 4 * WIDTH + [WIDTH] * WIDTH
    np.testing.assert_array_equal(y, x + np.array(lengths, np.float32))


@pytest.mark.slow
def test_rows_of_an_array_are_arrays():
    def write(code, x, y):
        span = Span(code, 0)
        y[0, span] = x.rows(1, 2)[1, span]
        y[1, span] = x.row(1)[span]

    x = np.arange(3 * WIDTH, dtype=np.float32).reshape(3, WIDTH)
    (y,) = Kernel("rows", write)(x, results=((2, WIDTH),))
    np.testing.assert_array_equal(y, x[[2, 1]])
