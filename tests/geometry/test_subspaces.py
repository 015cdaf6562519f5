"""The overlap of random subspaces against its closed form, and draws in parts."""

import numpy as np
import pytest
from scipy.stats import kstest

from toysup.geometry import subspaces
from toysup.geometry.subspaces import DRAWS, least_overlap, random_overlap, random_overlaps

SIZES = (2, 3, 3)


def test_random_subspaces_overlap_by_the_products_of_their_dimensions_over_m():
    found, expected = random_overlaps(SIZES, 7), random_overlap(np.array(SIZES), np.array(7))
    assert expected == pytest.approx(2 * (6 + 6 + 9) / 7)
    assert found.mean() == pytest.approx(expected, abs=4 * found.std() / DRAWS**0.5)
    assert (np.diff(found) >= 0).all()


def test_two_random_lines_overlap_as_the_squared_cosine_of_directions():
    # c^2 of random directions in a plane is arcsine distributed.
    assert kstest(random_overlaps((1, 1), 2) / 2, "arcsine").pvalue > 0.01


def test_nothing_overlaps_less_than_the_bound_and_it_is_0_where_all_fit():
    for sizes, m in ((SIZES, 7), (SIZES, 9), ((1, 1, 1), 2)):
        least = least_overlap(np.array(sizes), np.array(m))
        assert least == pytest.approx(max(0, sum(sizes) * (sum(sizes) - m) / m))
        assert random_overlaps(sizes, m)[0] >= least - 1e-9


def test_draws_in_parts_are_as_many_and_of_the_same_distribution(monkeypatch):
    whole = random_overlaps(SIZES, 6)
    monkeypatch.setattr(subspaces, "ENTRIES_AT_ONCE", 300 * 36)
    random_overlaps.cache_clear()
    parts = random_overlaps(SIZES, 6)
    random_overlaps.cache_clear()
    assert len(parts) == len(whole) == DRAWS
    assert kstest(parts, whole).pvalue > 0.01
