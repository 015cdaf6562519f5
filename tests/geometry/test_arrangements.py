import numpy as np
import pytest

from toysup.geometry import (
    antipodal_pairs,
    equal_norm_tight_frames,
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


@pytest.mark.slow
@pytest.mark.parametrize(("r", "m"), [(5, 2), (9, 4), (20, 5)])
def test_equal_norm_tight_frames_are_both(r, m):
    U = equal_norm_tight_frames(rng, 200, m, r)
    np.testing.assert_allclose(np.linalg.norm(U, axis=-2), 1)
    np.testing.assert_allclose(U @ U.mT, np.broadcast_to(r / m * np.eye(m), (200, m, m)), atol=1e-6)


@pytest.mark.slow
def test_equal_norm_tight_frames_arrange_nothing():
    U = equal_norm_tight_frames(rng, 1000, 4, 9)
    positive = np.maximum(U.mT @ U, 0) ** 2
    P = (positive.sum(axis=(-2, -1)) - 9) / (9 * 8 / (2 * 4))
    assert P.mean() == pytest.approx((9 - 4) / (9 - 1), abs=0.02)


def test_an_equal_norm_tight_frame_is_the_same_beside_others_that_take_longer():
    many, few = (equal_norm_tight_frames(np.random.default_rng(0), n, 5, 8) for n in (40, 4))
    np.testing.assert_allclose(many[:4], few, rtol=0, atol=1e-13)


def test_few_equal_norm_columns_are_orthonormal():
    U = equal_norm_tight_frames(rng, 3, 5, 4)
    np.testing.assert_allclose(U.mT @ U, np.broadcast_to(np.eye(4), (3, 4, 4)), atol=1e-9)
