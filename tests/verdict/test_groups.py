"""Groups of neighbouring rows are the same side by side as one after the other."""

import numpy as np
import pytest

from toysup.verdict.groups import by_count, chosen_of, numbered
from toysup.verdict.medians import median_interval, median_intervals, medians_of

SIZES = [3, 0, 1, 3, 2, 0, 10]


def groups_of(values, sizes):
    return np.split(values, np.cumsum(sizes)[:-1])


def test_every_row_is_in_its_group_once():
    places = {}
    for groups, rows in by_count(SIZES):
        places |= dict(zip(groups.tolist(), rows.tolist(), strict=True))
    expected = groups_of(np.arange(sum(SIZES)), SIZES)
    assert places == {i: rows.tolist() for i, rows in enumerate(expected) if len(rows)}


@pytest.mark.parametrize("sizes", [SIZES, [0, 0], []])
def test_the_chosen_rows_of_each_group_are_counted(sizes):
    chosen = np.random.default_rng(0).random(sum(sizes)) < 0.5
    expected = [int(of.sum()) for of in groups_of(chosen, sizes)] if sizes else []
    assert chosen_of(chosen, sizes).tolist() == expected


def test_medians_side_by_side_are_those_of_each_group():
    values = np.random.default_rng(1).standard_normal(sum(SIZES))
    values[3] = np.nan
    each = groups_of(values, SIZES)
    expected = [np.median(of) if len(of) else np.nan for of in each]
    np.testing.assert_array_equal(medians_of(values, SIZES), expected)
    assert repr(median_intervals(values, SIZES)) == repr([median_interval(of) for of in each])


def test_values_are_numbered_in_the_order_of_their_first_places():
    values = [(3, 1), (2, 2), (3, 1), (1, 1)]
    distinct, which = numbered(values)
    assert distinct == [(3, 1), (2, 2), (1, 1)]
    assert [distinct[i] for i in which] == values
