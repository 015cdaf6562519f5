"""What is summed a block at a time is what the plain formulas say of all cosines at once."""

import numpy as np
import pytest

from toysup.geometry import EXPONENTIAL_TEMPERATURE, antipodal_pairs, polygon
from toysup.matrices import blocks


def plain(U):
    """Every cosine of unit rows in float64, with NaN on the diagonal."""
    c = U.astype(np.float64) @ U.astype(np.float64).T
    np.fill_diagonal(c, np.nan)
    return c


@pytest.fixture(scope="module", params=[(7, 3), (1024, 5), (1025, 24), (1500, 40)])
def both(request):
    r, m = request.param
    W = np.random.default_rng(r).standard_normal((m, r)) * np.linspace(1, 9, r)
    U = blocks.unit(W)
    return U, blocks.sums_of(U), plain(U)


@pytest.mark.slow
def test_sums_are_those_of_all_cosines(both):
    _, found, c = both
    assert found.positive == pytest.approx(np.nansum(np.maximum(c, 0) ** 2))
    assert found.exponential == pytest.approx(np.nansum(np.exp(c / EXPONENTIAL_TEMPERATURE)))


def test_the_nearest_and_the_most_opposed_are_those_of_all_cosines(both):
    _, found, c = both
    np.testing.assert_allclose(found.nearest, np.nanmax(c, axis=1))
    np.testing.assert_array_equal(found.nearest_place, np.nanargmax(c, axis=1))
    np.testing.assert_allclose(found.opposed, np.nanmin(c, axis=1))
    np.testing.assert_array_equal(found.opposed_place, np.nanargmin(c, axis=1))


def test_the_histogram_has_every_pair_in_its_bin(both):
    _, found, c = both
    expected, _ = np.histogram(c[np.isfinite(c)], bins=blocks.BINS, range=(-1, 1))
    assert found.histogram.sum() == len(c) * (len(c) - 1)
    assert np.abs(found.histogram - expected).max() <= 2  # rounding at an edge


@pytest.mark.parametrize("sign", [1, -1])
def test_the_closest_pairs_are_those_of_all_pairs(both, sign):
    U, found, c = both
    upper = np.where(np.triu(np.ones_like(c), 1) == 1, sign * c, -np.inf)
    best = np.sort(upper, axis=None)[::-1][:5]
    pairs = blocks.closest_pairs(U, found, 5, sign)
    assert [sign * cosine for _, _, cosine in pairs] == pytest.approx(best.tolist())
    assert all(cosine == pytest.approx(c[i, j]) for i, j, cosine in pairs)


def test_of_many_equal_pairs_some_are_named():
    U = blocks.unit(np.tile(antipodal_pairs(4), 40))
    pairs = blocks.closest_pairs(U, blocks.sums_of(U), 5, 1)
    assert len({(i, j) for i, j, _ in pairs}) == 5
    assert [cosine for *_, cosine in pairs] == [1.0] * 5


@pytest.mark.slow
def test_large_matrices_are_measured_in_single_precision_as_well(monkeypatch):
    W = np.random.default_rng(0).standard_normal((16, 1500))
    exact = blocks.sums_of(blocks.unit(W))
    monkeypatch.setattr(blocks, "DOUBLE", 0)
    U = blocks.unit(W)
    assert U.dtype == np.float32
    found = blocks.sums_of(U)
    assert found.positive == pytest.approx(exact.positive, rel=1e-6)
    assert found.exponential == pytest.approx(exact.exponential, rel=1e-5)
    np.testing.assert_allclose(found.nearest, exact.nearest, atol=1e-6)


def test_the_frame_operator_of_the_pentagon_is_five_halves_of_one():
    F = blocks.frame_operator(blocks.unit(polygon(5)))
    np.testing.assert_allclose(F, 2.5 * np.eye(2), atol=1e-12)
