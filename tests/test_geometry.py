import json

import numpy as np
import pytest

from toysup.geometry import (
    PACKING,
    antipodal_pairs,
    packing_optimum,
    polygon,
    random_cosine_square_sum,
    random_directions,
    random_tight_frames,
    rankin_bound,
    simplex,
    welch_bound,
)

rng = np.random.default_rng(0)


def cosines(U):
    """The off-diagonal cosines of unit columns."""
    return (U.T @ U)[~np.eye(U.shape[1], dtype=bool)]


@pytest.mark.parametrize("U", [polygon(5), antipodal_pairs(3), simplex(4)])
def test_known_arrangements_have_unit_columns(U):
    np.testing.assert_allclose(np.linalg.norm(U, axis=0), 1)


def test_random_directions_are_unit_and_uniform():
    U = random_directions(rng, 20_000, 4, 2)
    np.testing.assert_allclose(np.linalg.norm(U, axis=-2), 1)
    # A coordinate of a uniform unit vector has variance 1/m and excess kurtosis -6/(m + 2).
    one = U[:, 0].ravel()
    assert one.var() == pytest.approx(1 / 4, rel=0.02)
    assert (one**4).mean() / one.var() ** 2 - 3 == pytest.approx(-6 / 6, abs=0.05)


def test_random_tight_frames_are_tight_with_mean_squared_norm_one():
    W = random_tight_frames(rng, 100, 3, 7)
    np.testing.assert_allclose(W @ W.mT, np.broadcast_to(7 / 3 * np.eye(3), (100, 3, 3)), atol=1e-9)
    assert (W**2).sum(axis=-2).mean() == pytest.approx(1)


@pytest.mark.parametrize(("m", "r"), [(5, 3), (4, 4)])
def test_random_tight_frames_without_enough_columns_are_orthonormal(m, r):
    W = random_tight_frames(rng, 10, m, r)
    np.testing.assert_allclose(W.mT @ W, np.broadcast_to(np.eye(r), (10, r, r)), atol=1e-9)


def test_random_tight_frames_do_not_prefer_a_direction():
    W = random_tight_frames(rng, 20_000, 2, 3)
    np.testing.assert_allclose(W.mean(axis=0), 0, atol=0.03)
    np.testing.assert_allclose((W**2).mean(axis=0), 1 / 2, atol=0.02)


@pytest.mark.parametrize(("r", "m"), [(3, 5), (5, 5), (6, 5), (20, 5)])
def test_the_welch_bound_is_under_random_directions_and_met_by_what_meets_it(r, m):
    sums = [(cosines(U) ** 2).sum() for U in random_directions(rng, 500, m, r)]
    assert welch_bound(r, m) < min(sums)
    assert np.mean(sums) == pytest.approx(random_cosine_square_sum(r, m), rel=0.1)


def test_the_welch_bound_is_met_by_tight_frames():
    for U in (polygon(5), antipodal_pairs(3), simplex(4), np.eye(3)):
        m, r = U.shape
        assert (cosines(U) ** 2).sum() == pytest.approx(welch_bound(r, m), abs=1e-12)


def test_the_rankin_bound_is_met_by_simplices_and_antipodal_pairs():
    assert cosines(simplex(4)).max() == pytest.approx(rankin_bound(5, 4))
    assert cosines(antipodal_pairs(4)).max() == rankin_bound(8, 4) == 0


@pytest.mark.parametrize("m", [1, 2, 5, 30])
def test_up_to_twice_the_dimensions_nothing_needs_to_interfere(m):
    assert packing_optimum(2, m) == packing_optimum(2 * m, m) == 0
    assert packing_optimum(2 * m + 1, m) != 0


def test_in_one_dimension_half_of_the_directions_are_opposite():
    for r in (3, 4, 9):
        signs = np.where(np.arange(r) % 2, 1.0, -1.0)[None]
        P = (np.maximum(cosines(signs), 0) ** 2).sum() / (r * (r - 1) / 2)
        assert packing_optimum(r, 1) == pytest.approx(P)


def test_the_optimum_is_unknown_outside_of_the_table():
    for r, m in ((0, 3), (1, 3), (65, 5), (40, 11)):
        assert np.isnan(packing_optimum(r, m))


def test_the_table_says_how_it_was_made():
    table = json.loads(PACKING.read_text())
    assert table["command"] == "python -m toysup.packing"
    assert {"method", "random_starts", "seed", "tolerance", "unsure"} <= set(table)
    assert sorted(map(int, table["optima"])) == list(range(2, 11))
    for m, row in table["optima"].items():
        assert list(map(int, row)) == list(range(2 * int(m) + 1, 65))
