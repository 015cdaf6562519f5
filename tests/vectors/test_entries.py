import jax.numpy as jnp
import numpy as np
import pytest

from toysup.vectors.call import Kernel, padded
from toysup.vectors.entries import Entries, room_for
from toysup.vectors.vector import Sum


def write(code, x, values, numbers, columns, kept, width):
    """What rows have in the columns of their entries, and the number of the entry, from 1."""
    entries, count = Entries(code, columns, kept), Sum(code)
    rows = range(x.shape[0])

    def put(column, found):
        count.add(code.vector(1.0))
        numbers[column] = count.vector.first
        for row, value in zip(rows, found, strict=True):
            values[row, column] = value.first

    code.clear(values)
    code.clear(numbers)
    code.each_span(width, lambda span: entries.add(span, [x[row, span] for row in rows]))
    entries.each(put)


KERNEL = Kernel("entries", write)


def listed(x):
    wide, room = padded(jnp.asarray(x)), room_for(padded(x).shape[1])
    values, numbers = KERNEL(
        wide,
        results=(wide.shape, wide.shape[1:]),
        scratch=((room,), (len(x), room)),
        width=x.shape[1],
    )
    return np.asarray(values)[:, : x.shape[1]], np.asarray(numbers)[: x.shape[1]]


@pytest.mark.slow
@pytest.mark.parametrize("density", [0.0, 0.1, 1.0])
@pytest.mark.parametrize(("rows", "columns"), [(1, 16), (2, 37), (3, 200)])
def test_entries_are_the_columns_where_a_row_is_not_zero_in_order(density, rows, columns):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, columns)).astype(np.float32)
    x[rng.random(x.shape) >= density] = 0
    values, numbers = listed(x)
    np.testing.assert_array_equal(values, x)
    there = x.any(axis=0)
    np.testing.assert_array_equal(numbers, np.where(there, np.cumsum(there), 0))


def test_what_is_not_a_number_is_an_entry_and_minus_zero_is_none():
    x = np.zeros((1, 16), np.float32)
    x[0, [3, 5]] = np.nan, -0.0
    _, numbers = listed(x)
    assert numbers.nonzero()[0].tolist() == [3]
