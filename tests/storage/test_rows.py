"""A column has a value in every row, or says that it may have none."""

import numpy as np
import pyarrow as pa
import pytest

from toysup import columns
from toysup.columns.fixed import Field
from toysup.storage.rows import column

NUMBER = Field("loss", pa.float64(), "1", "A number.")
EMPTY = Field("stake", pa.float64(), "1", "A number, or none.", optional=True)


def test_a_column_without_values_is_an_error_that_names_it():
    with pytest.raises(TypeError, match="column loss: has no value"):
        column(NUMBER, None, 2)
    with pytest.raises(TypeError, match="column loss: has no value"):
        column(NUMBER, [0.5, None], 2)


def test_a_column_that_may_be_empty_is_null_where_there_is_nothing():
    assert column(EMPTY, None, 2).to_pylist() == [None, None]
    assert column(EMPTY, [0.5, None], 2).to_pylist() == [0.5, None]


def test_nan_is_a_value():
    assert column(NUMBER, np.array([[np.nan], [1.0]]), 2).null_count == 0


def test_a_metric_of_half_the_length_is_an_error_when_it_is_missing():
    half = columns.half_field()
    values = {part.name: np.zeros((2, 1)) for part in half.parts if not part.optional}
    row, _ = column(half, values, 2).to_pylist()
    assert row["loss"] == 0
    assert row["linearity"] is None
    with pytest.raises(TypeError, match="column loss"):
        column(half, {name: v for name, v in values.items() if name != "loss"}, 2)
