"""Rows are the same only if every bit of every column is."""

import io
import math

import numpy as np
import pyarrow as pa
import pytest

from toysup.compare.identical import both_columns, same_rows
from toysup.storage.columnwise import ColumnFile
from toysup.storage.parquet import parquet_bytes

ROWS = {
    "condition": [0, 0],
    "seed": [0, 1],
    "objective": ["mse", "mse"],
    "views": [None, None],
    "loss": [0.5, math.nan],
    "W": [[1.0, -0.0], [math.nan, 2.0]],
    "half": [{"loss": 1.0}, {"loss": math.nan}],
}


def same(first, second, but=("condition",)):
    """Whether each row of two tables is the same, by way of files."""
    files = [
        ColumnFile("", io.BytesIO(parquet_bytes(table)), lambda _: "") for table in (first, second)
    ]
    every = [same_rows(a, b) for _, a, b in both_columns(*files, but)]
    return np.logical_and.reduce(every).tolist()


def test_equal_rows_are_the_same_with_their_nan_and_whatever_their_number():
    assert same(pa.table(ROWS), pa.table(ROWS | {"condition": [7, 7]})) == [True, True]
    assert same(pa.table(ROWS), pa.table(ROWS | {"condition": [7, 7]}), []) == [False, False]


def test_rows_of_a_part_of_a_table_are_the_same_as_those_of_its_copy():
    table = pa.table(ROWS)
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        assert same_rows(column.slice(1), column.take(pa.array([1]))).tolist() == [True]


@pytest.mark.parametrize(
    ("changed", "rows"),
    [
        ({"seed": [0, 2]}, [True, False]),
        ({"objective": ["mse", "vae"]}, [True, False]),
        ({"views": [None, "mask"]}, [True, False]),
        ({"loss": [math.nextafter(0.5, 1), math.nan]}, [False, True]),
        ({"loss": [None, math.nan]}, [False, True]),
        ({"W": [[1.0, 0.0], [math.nan, 2.0]]}, [False, True]),
        ({"W": [[1.0], [-0.0, math.nan, 2.0]]}, [False, False]),
        ({"W": [[], [math.nan, 2.0]]}, [False, True]),
        ({"W": [[1.0, -0.0], None]}, [True, False]),
        ({"W": [[1.0, None], [math.nan, 2.0]]}, [False, True]),
        ({"half": [{"loss": 1.0}, {"loss": 2.0}]}, [True, False]),
        ({"more": [1, None]}, [False, True]),
        ({"seed": ["0", "1"]}, [False, False]),
    ],
)
def test_any_other_value_or_sign_of_zero_is_a_difference_of_its_row(changed, rows):
    assert same(pa.table(ROWS), pa.table(ROWS | changed)) == rows
    assert same(pa.table(ROWS | changed), pa.table(ROWS)) == rows


def test_a_column_that_one_lacks_is_empty_there():
    assert same(pa.table(ROWS), pa.table(ROWS | {"more": [None, None]})) == [True, True]
