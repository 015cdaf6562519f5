import numpy as np
import pytest

from toysup.theory import mse_expected_loss


@pytest.mark.parametrize("density", [1.0, 0.4])
def test_the_expected_loss_is_that_of_a_large_sample(density):
    rng = np.random.default_rng(1)
    W, b, importance = rng.normal(0, 0.7, (2, 3)), rng.normal(0, 0.2, 3), np.array([1, 1, 0.3])
    x = rng.random((3, 10**6))
    x = np.where(x < density, x / density, 0)
    error = (x - np.maximum(W.T @ (W @ x) + b[:, None], 0)) ** 2
    expected = mse_expected_loss(W, b, [density], importance)
    np.testing.assert_allclose(expected, importance @ error.mean(axis=1), rtol=0.01)


def test_an_antipodal_pair_costs_its_importances_times_a_sixth_of_the_square_of_the_density():
    s = np.array([1.0, 0.1, 0.01])
    found = mse_expected_loss([[1.0, -1.0]], [0.0, 0.0], s[:, None], [1.0, 3.0])
    np.testing.assert_allclose(found, 4 * s**2 / 6, rtol=0.006)


def test_leading_axes_are_models_of_their_own():
    rng = np.random.default_rng(2)
    W, b, s = rng.normal(size=(4, 300, 1, 2)), rng.normal(size=(4, 300, 2)), rng.random((4, 300))
    many = mse_expected_loss(W, b, s[..., None], np.ones(2))
    assert many.shape == (4, 300)
    one = mse_expected_loss(W[3, 299], b[3, 299], s[3, 299, None], np.ones(2))
    np.testing.assert_allclose(many[3, 299], one)
