import numpy as np
import pytest

from toysup.geometry import antipodal_pairs, polygon, random_directions, simplex
from toysup.metrics.exponential import exponential_energy, exponential_index


@pytest.mark.parametrize("seed", range(4))
def test_the_energy_by_loops(seed):
    rng = np.random.default_rng(seed)
    W = rng.standard_normal((3, 6)) * rng.uniform(0.05, 1, 6)
    a = [np.linalg.norm(W[:, i]) for i in range(6)]
    R = [i for i in range(6) if a[i] > 0.3 * max(a)]
    pairs = [(i, j) for i in R for j in R if i != j]
    expected = np.mean([np.exp(10 * W[:, i] @ W[:, j] / a[i] / a[j]) for i, j in pairs])
    assert exponential_energy(W) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "W", [np.eye(4)[:, :1] @ [[1, -1]], simplex(4), antipodal_pairs(5), polygon(5), polygon(20)]
)
def test_the_index_is_one_at_the_universally_optimal_codes(W):
    assert exponential_index(W) == pytest.approx(1, abs=1e-9)


def test_orthogonal_columns_fall_short_of_a_simplex():
    # Three orthogonal columns in three dimensions: cosines of 0, where -1/2 is possible.
    null = np.log(np.sinh(10) / 10)  # the mean of exp(10 c) over the sphere
    assert exponential_index(np.eye(3)) == pytest.approx(null / (null + 10 / 2))


@pytest.mark.slow
def test_the_index_is_about_zero_for_random_directions():
    few, many = (random_directions(np.random.default_rng(0), 500, 5, r) for r in (8, 60))
    assert 0.03 < exponential_index(few).mean() < 0.1
    assert exponential_index(many).mean() == pytest.approx(0, abs=0.02)


def test_a_shared_direction_costs_more_than_chance():
    assert exponential_index(np.tile(antipodal_pairs(5), 2)) < -0.1


def test_the_index_is_unknown_where_no_optimum_is_stored():
    assert np.isnan(exponential_index(np.ones((11, 80))))
