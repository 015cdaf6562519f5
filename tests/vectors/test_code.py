import jax.numpy as jnp
import numpy as np
import pytest

from toysup.vectors.call import Kernel, padded
from toysup.vectors.vector import INTEGERS, WIDTH, Sum, whole_vectors

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


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("arithmetic", lambda _, v: (v + 1.5) * v - v / 2.0, (X + 1.5) * X - X / 2),
        ("within", lambda _, v: v.within(0.5), np.clip(X, -0.5, 0.5)),
        ("positive", lambda _, v: v.where_positive(v * 3.0), np.where(X > 0, 3 * X, 0)),
        ("doubled", lambda _, v: v.doubled(v * 4.0 + INTEGERS), X * 2 ** np.rint(X * 4)),
        ("without", lambda s, v: s.without(20, v), np.where(np.arange(37) == 20, 0, X)),
        ("turned", lambda s, v: s.turned(36, v), np.where(np.arange(37) == 36, -X, X)),
    ],
)
def test_operations_on_vectors_are_numpys(name, change, expected):
    np.testing.assert_allclose(on_columns(name, change)(X)[:, :37], expected, rtol=1e-6, atol=1e-7)


def test_nan_stays_nan_where_numbers_are_cut_off_or_picked():
    nothing = np.full((1, WIDTH), np.nan, np.float32)
    for name, change in (
        ("nan_within", lambda _, v: v.within(0.5)),
        ("nan_positive", lambda _, v: v.where_positive(v)),
    ):
        assert np.isnan(on_columns(name, change)(nothing)).all()


def test_columns_that_there_are_not_count_as_zero_whatever_they_hold():
    ones = on_columns("keep", lambda span, v: span.keep(v + 1.0))(np.zeros((1, 37)))
    np.testing.assert_array_equal(ones[0], np.arange(whole_vectors(37)) < 37)


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


def test_a_vector_is_not_written_over_the_neighbours_of_a_single_place():
    def write(code, x, y):
        y[0] = x[0] + 1.0

    with pytest.raises(TypeError, match="span"):
        Kernel("over_the_edge", write)(jnp.zeros(1), results=((1,),))
