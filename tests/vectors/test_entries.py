import jax.numpy as jnp
import numpy as np
import pytest

from toysup.vectors import entries
from toysup.vectors.call import Kernel, padded
from toysup.vectors.entries import Entries, each_entry, room_for
from toysup.vectors.running import Sum


def write(code, x, numbers, columns, width):
    """The number of each column's entry, from 1; 0 where it has none."""
    found, count = Entries(code, columns), Sum(code)

    def put(column):
        count.add(code.vector(1.0))
        numbers[column] = count.vector.first

    code.clear(numbers)
    code.each_span(width, lambda span: found.add(span, [x[row, span] for row in range(x.shape[0])]))
    found.close()
    each_entry(code, columns, put)


@pytest.fixture(params=[True, False], ids=["whole vectors", "one by one"])
def listed(request, monkeypatch):
    """How the entries of rows are numbered, by instructions of either kind of processor."""
    monkeypatch.setattr(entries, "wide", lambda: request.param)
    kernel = Kernel(f"entries_{int(request.param)}", write)

    def numbers_of(x):
        wide = padded(jnp.asarray(x))
        (numbers,) = kernel(
            wide,
            results=(wide.shape[1:],),
            scratch=((room_for(wide.shape[1]),),),
            width=x.shape[1],
        )
        return np.asarray(numbers)[: x.shape[1]]

    return numbers_of


@pytest.mark.slow
@pytest.mark.parametrize("density", [0.0, 0.1, 1.0])
@pytest.mark.parametrize(("rows", "columns"), [(1, 16), (2, 37), (3, 200)])
def test_entries_are_the_columns_where_a_row_is_not_zero_in_order(listed, density, rows, columns):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, columns)).astype(np.float32)
    x[rng.random(x.shape) >= density] = 0
    there = x.any(axis=0)
    np.testing.assert_array_equal(listed(x), np.where(there, np.cumsum(there), 0))


def test_what_is_not_a_number_is_an_entry_and_minus_zero_is_none(listed):
    x = np.zeros((1, 16), np.float32)
    x[0, [3, 5]] = np.nan, -0.0
    assert listed(x).nonzero()[0].tolist() == [3]
