import numpy as np
import pytest

from toysup.metrics.gaussianity import hidden_excess_kurtosis


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
