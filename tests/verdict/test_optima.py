"""What stands for an optimum that is in no table."""

import pytest

from toysup.geometry import packing_optimum
from toysup.verdict.optima import Optima, computed_sizes


@pytest.mark.parametrize("r", [393, 399])
def test_a_tabulated_size_near_stands_for_one_without_a_search(r):
    interval = Optima(budget=600).of("packing", r, 30)
    table = packing_optimum(400, 30)
    assert (interval.found, interval.how) == (table.found, "table")
    assert interval.low < table.low


@pytest.mark.slow
@pytest.mark.parametrize(("r", "m"), [(245, 8), (93, 20), (230, 8)])
def test_the_table_loosens_no_bound(r, m):
    interval, (below, above) = Optima().of("packing", r, m, search=False), computed_sizes(r)
    assert interval.low >= packing_optimum(below, m).low
    assert interval.found <= packing_optimum(above, m).found


def test_a_bound_grows_with_the_size_as_the_optimum_does():
    intervals = [Optima().of("packing", r, 20, search=False) for r in (80, 81, 88, 93, 99, 100)]
    lows = [each.low for each in intervals]
    assert lows == sorted(lows)
    assert lows[0] < lows[-1]
