import warnings

import numpy as np
import pytest

from toysup.geometry import antipodal_pairs, polygon, random_directions
from toysup.metrics.gaussianity import (
    hidden_excess_kurtosis,
    random_excess_kurtosis,
    worst_excess_kurtosis,
)

ALL = (hidden_excess_kurtosis, random_excess_kurtosis, worst_excess_kurtosis)


def test_a_unit_with_one_feature_keeps_its_kurtosis_and_k_equal_ones_divide_it():
    W = np.array([[2.0, 0, 0, 0], [1, -1, 0, 0], [1, 1, -1, 1]])
    np.testing.assert_allclose(hidden_excess_kurtosis(W, 12.0), [12, 6, 3])


def test_the_exact_value_is_what_samples_show():
    rng = np.random.default_rng(0)
    W = rng.standard_normal((2, 4))
    x = rng.uniform(size=(4, 400_000))  # excess kurtosis -6/5
    h = W @ x
    z = (h - h.mean(axis=1, keepdims=True)) / h.std(axis=1, keepdims=True)
    np.testing.assert_allclose(hidden_excess_kurtosis(W, -1.2), (z**4).mean(axis=1) - 3, atol=0.02)


def test_each_instance_takes_its_own_kurtosis():
    W = np.ones((3, 2, 4))
    np.testing.assert_allclose(
        hidden_excess_kurtosis(W, np.array([4.0, 8.0, 0.0])), [[1, 1], [2, 2], [0, 0]]
    )


def test_a_unit_without_weights_has_none():
    assert np.isnan(hidden_excess_kurtosis(np.array([[0.0, 0.0], [1.0, 0.0]]), 3.0)[0])
    assert hidden_excess_kurtosis(np.eye(2), 3.0)[0] == pytest.approx(3)


def along(W, V):
    """sum_i (v . w_i)^4 / (sum_i (v . w_i)^2)^2 of each column v of V."""
    onto = V.T @ W
    return (onto**4).sum(axis=1) / (onto**2).sum(axis=1) ** 2


def test_random_directions_are_those_of_the_whitened_code():
    rng = np.random.default_rng(1)
    W = rng.standard_normal((3, 7)) * rng.uniform(0.2, 2, 7)
    V = random_directions(rng, 1, 3, 200_000)[0]
    seen = along(W, np.linalg.inv(np.linalg.cholesky(W @ W.T)).T @ V)
    assert random_excess_kurtosis(W, 2.0) == pytest.approx(2 * seen.mean(), rel=0.01)


@pytest.mark.parametrize(
    ("W", "random", "worst"),
    [
        (3 * np.eye(4), 3 / 6, 1),
        (antipodal_pairs(4), 3 / 12, 1 / 2),
        (polygon(5), 3 / 10, 3 / 10),  # along every direction of a pentagon it is the same
        (np.ones((3, 6)), 1 / 6, 1 / 6),
    ],
    ids=["orthogonal", "antipodal", "pentagon", "one line"],
)
def test_kurtosis_of_known_arrangements(W, random, worst):
    assert random_excess_kurtosis(W, 10.0) == pytest.approx(10 * random)
    assert worst_excess_kurtosis(W, 10.0) == pytest.approx(10 * worst)


@pytest.mark.slow
@pytest.mark.parametrize("n", [4, 9, 30])
def test_no_direction_of_the_plane_is_worse_than_the_worst(n):
    rng = np.random.default_rng(n)
    W = rng.standard_normal((2, n)) * rng.uniform(0.2, 2, n)
    angle = np.linspace(0, np.pi, 100_000)
    largest = along(W, np.stack([np.cos(angle), np.sin(angle)])).max()
    assert worst_excess_kurtosis(W, -1.2) == pytest.approx(-1.2 * largest, rel=1e-5)


@pytest.mark.slow
def test_the_worst_of_more_dimensions_is_no_less_than_many_searches_find():
    rng = np.random.default_rng(2)
    for _ in range(5):
        W = rng.standard_normal((6, 24))
        root = np.linalg.inv(np.linalg.cholesky(W @ W.T))
        G, V = root @ W, random_directions(rng, 1, 6, 200)[0]
        for _ in range(100):
            V = G @ (V.T @ G).T ** 3
            V /= np.linalg.norm(V, axis=0)
        assert worst_excess_kurtosis(W, 1.0) > 0.999 * along(G, V).max()


def test_directions_do_not_change_under_an_invertible_map_and_units_do():
    rng = np.random.default_rng(3)
    W, M = rng.standard_normal((2, 3, 8)), np.array([[2.0, 1, 0], [0, 0.5, 3], [1, 0, 1]])
    for measure in (random_excess_kurtosis, worst_excess_kurtosis):
        np.testing.assert_allclose(measure(M @ W, 3.0), measure(W, 3.0), rtol=1e-6)
    assert not np.allclose(hidden_excess_kurtosis(M @ W, 3.0), hidden_excess_kurtosis(W, 3.0))


def test_a_unit_that_does_nothing_is_no_direction():
    W = np.random.default_rng(4).standard_normal((3, 8))
    copied = np.concatenate([W, np.zeros((1, 8)), W[:1]])
    for measure in (random_excess_kurtosis, worst_excess_kurtosis):
        assert measure(copied, 3.0) == pytest.approx(measure(W, 3.0))


@pytest.mark.parametrize("bad", [0.0, np.nan, np.inf])
@pytest.mark.parametrize("measure", ALL)
def test_a_dead_or_diverged_matrix_is_quiet_and_does_not_touch_its_neighbours(measure, bad):
    W = np.random.default_rng(5).standard_normal((2, 3, 4, 6))
    broken = W.copy()
    broken[1, 2] = 0.0
    broken[1, 2, 0, 0] = bad
    feature_kurtosis = np.array([3.0, -1.0, 2.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found, whole = measure(broken, feature_kurtosis), measure(W, feature_kurtosis)
        assert np.isnan(measure(np.ones((3, 0)), 1.0)).all()
    assert np.isnan(found[1, 2]).all()
    np.testing.assert_array_equal(found[0], whole[0])
    np.testing.assert_array_equal(found[1, :2], whole[1, :2])
    alone = [[measure(W[s, c], feature_kurtosis[c]) for c in range(3)] for s in range(2)]
    np.testing.assert_allclose(whole, alone, rtol=1e-9)
