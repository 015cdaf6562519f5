"""Rows are the same only if every bit of every column is."""

import math

import pyarrow as pa
import pytest

from toysup.compare.identical import same_rows

ROWS = {
    "condition": [0, 0],
    "seed": [0, 1],
    "objective": ["mse", "mse"],
    "views": [None, None],
    "loss": [0.5, math.nan],
    "W": [[1.0, -0.0], [math.nan, 2.0]],
    "half": [{"loss": 1.0}, {"loss": math.nan}],
}


def test_equal_rows_are_the_same_with_their_nan_and_whatever_their_number():
    assert same_rows(pa.table(ROWS), pa.table(ROWS | {"condition": [7, 7]}))
    apart = pa.concat_tables([pa.table(ROWS).slice(0, 1), pa.table(ROWS).slice(1, 1)])
    assert same_rows(pa.table(ROWS), apart)


@pytest.mark.parametrize(
    "changed",
    [
        {"seed": [0, 2]},
        {"objective": ["mse", "vae"]},
        {"views": [None, "mask"]},
        {"loss": [math.nextafter(0.5, 1), math.nan]},
        {"loss": [None, math.nan]},
        {"W": [[1.0, 0.0], [math.nan, 2.0]]},
        {"W": [[1.0], [-0.0, math.nan, 2.0]]},
        {"W": [[1.0, -0.0], None]},
        {"half": [{"loss": 1.0}, {"loss": 2.0}]},
        {"more": [1, None]},
    ],
)
def test_any_other_value_or_sign_of_zero_is_a_difference(changed):
    assert not same_rows(pa.table(ROWS), pa.table(ROWS | changed))


def test_a_column_that_one_lacks_is_empty_there():
    assert same_rows(pa.table(ROWS), pa.table(ROWS | {"more": [None, None]}))
    assert not same_rows(pa.table(ROWS), pa.table(ROWS).slice(0, 1))
