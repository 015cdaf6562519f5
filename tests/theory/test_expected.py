import itertools

import numpy as np
import pytest

from toysup.theory import mse_expected_loss
from toysup.theory.expected import is_expected, left_out


@pytest.mark.slow
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


def loss_of_rare_features(W, b, p, importance, most=3):
    """The sum over supports of up to three features, with midpoints for each amplitude."""
    n, total = W.shape[1], 0.0
    for present in range(most + 1):
        points = (np.arange(24) + 0.5) / 24
        for chosen in itertools.combinations(range(n), present):
            chance = np.prod([p[i] if i in chosen else 1 - p[i] for i in range(n)])
            x = np.zeros((n, 24**present))
            x[list(chosen)] = np.array(list(itertools.product(points, repeat=present))).T
            error = (x - np.maximum(W.T @ (W @ x) + b[:, None], 0)) ** 2
            total += chance * (importance @ error).mean()
    return total


@pytest.mark.slow
def test_the_expected_loss_of_rare_features_is_that_of_samples_of_up_to_three():
    rng = np.random.default_rng(3)
    n = 8
    W, b = rng.normal(0, 0.6, (3, n)), rng.normal(-0.05, 0.1, n)
    p, importance = rng.uniform(0.001, 0.003, n), 0.7 ** np.arange(n)
    found = mse_expected_loss(W, b, p, importance)
    assert found == pytest.approx(loss_of_rare_features(W, b, p, importance), rel=2e-3)


def test_it_is_expected_of_few_features_and_of_rare_ones():
    p = np.array([1.0, 0.003, 0.001])[:, None]
    assert is_expected(np.broadcast_to(p, (3, 5))).tolist() == [True, True, True]
    assert is_expected(np.broadcast_to(p, (3, 20))).tolist() == [False, True, True]
    assert is_expected(np.broadcast_to(p, (3, 80))).tolist() == [False, False, False]


def test_what_is_left_out_is_the_share_of_samples_with_more_than_three_features():
    p = np.array([0.3, 0.5, 0.2, 0.9, 0.4])
    present = np.array(list(itertools.product([0, 1], repeat=5)))
    chances = np.prod(np.where(present, p, 1 - p), axis=1)
    count = present.sum(axis=1)
    assert left_out(p) == pytest.approx(chances[count > 3].sum() / chances[count > 0].sum())
