import numpy as np
import pytest

from toysup.geometry import antipodal_pairs, polygon, random_directions, simplex
from toysup.metrics.interference import (
    interference,
    minimisation_index,
    positive_interference,
    squared_interference,
    weighted_interference,
)

CONE = np.tile(np.eye(5), 4)
RANDOM = random_directions(np.random.default_rng(0), 4000, 5, 20)


def by_loops(W):
    """T, P and the weighted interference, as the formulas read."""
    m, n = W.shape
    a = [np.linalg.norm(W[:, i]) for i in range(n)]
    R = [i for i in range(n) if a[i] > 0.3 * max(a)]
    r = len(R)
    squares = positives = weighted = 0.0
    for i in range(n):
        for j in range(n):
            if i == j:
                continue
            weighted += float(W[:, i] @ W[:, j]) ** 2
            if i in R and j in R:
                c = float(W[:, i] @ W[:, j]) / (a[i] * a[j])
                squares += c**2
                positives += max(c, 0) ** 2
    null, bound = r * (r - 1) / m, max(0, r * (r - m) / m)
    energy = sum(x**2 for x in a)
    return (
        (squares - bound) / (null - bound),
        positives / (null / 2),
        weighted / ((energy**2 - sum(x**4 for x in a)) / m),
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_formulas_by_loops(seed):
    rng = np.random.default_rng(seed)
    W = rng.standard_normal((3 + seed, 6)) * rng.uniform(0.05, 1, 6)
    found = squared_interference(W), positive_interference(W), weighted_interference(W)
    np.testing.assert_allclose(found, by_loops(W), rtol=1e-10)


def test_interference_of_a_pentagon_is_three_halves():
    np.testing.assert_allclose(interference(polygon(5)), 1.5)


def test_interference_of_an_antipodal_twin_is_its_squared_norm():
    np.testing.assert_allclose(interference([[1.0, -2.0], [0.0, 0.0]]), [4.0, 1.0])


@pytest.mark.parametrize(
    "W", [np.eye(5), np.eye(5)[:, :3], antipodal_pairs(5), polygon(5), polygon(7), simplex(4), CONE]
)
def test_squared_interference_is_zero_for_orthogonal_columns_and_equal_norm_tight_frames(W):
    assert squared_interference(W) == pytest.approx(0, abs=1e-12)


def test_squared_and_positive_interference_are_one_for_random_directions():
    assert squared_interference(RANDOM).mean() == pytest.approx(1, abs=0.02)
    assert positive_interference(RANDOM).mean() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("W", [np.eye(5), antipodal_pairs(3), simplex(4)])
def test_positive_interference_is_zero_without_an_acute_angle(W):
    assert positive_interference(W) == pytest.approx(0, abs=1e-12)


def test_positive_interference_of_the_pentagon():
    assert positive_interference(polygon(5)) == pytest.approx(2 * np.cos(2 * np.pi / 5) ** 2)


def test_positive_interference_of_one_direction_is_twice_the_dimensions():
    assert positive_interference(np.ones((5, 20))) == pytest.approx(10)


def test_positive_interference_sees_the_cone_that_squared_interference_does_not():
    assert positive_interference(CONE) == pytest.approx(20 * 3 / (20 * 19 / 10))


def test_the_index_is_one_at_the_best_packing():
    for W in (np.eye(4), antipodal_pairs(4), polygon(5)):
        assert minimisation_index(W) == pytest.approx(1, abs=1e-8)


def test_the_index_is_zero_for_random_directions_and_negative_for_a_cone():
    assert minimisation_index(RANDOM).mean() == pytest.approx(0, abs=0.02)
    assert minimisation_index(CONE) < -0.5


def test_the_index_uses_the_optimum_for_the_features_that_count():
    W = np.concatenate([polygon(5), 0.1 * np.ones((2, 3))], axis=1)
    assert minimisation_index(W) == pytest.approx(1, abs=1e-8)


def test_the_optimum_is_that_of_the_dimensions_in_use():
    flat, whole = np.zeros((3, 5)), np.random.default_rng(1).standard_normal((3, 5))
    flat[[0, 2]] = polygon(5)
    expected = [1, 1 - positive_interference(whole)]  # five features in three dimensions: P* = 0
    np.testing.assert_allclose(minimisation_index(np.stack([flat, whole])), expected)


def test_the_index_is_unknown_where_no_optimum_is_stored():
    assert np.isnan(minimisation_index(np.ones((11, 80))))


def test_weighted_interference_is_one_for_random_directions_of_any_norms():
    W = RANDOM * np.linspace(0.1, 2, 20)
    assert weighted_interference(W).mean() == pytest.approx(1, abs=0.02)


def test_weighted_interference_needs_two_columns():
    assert np.isnan(weighted_interference([[0.3, 0.0], [0.7, 0.0]]))
