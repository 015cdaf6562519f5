"""The expected loss is that of samples, its gradient that of differences, its minima known ones."""

import numpy as np
import pytest

from toysup.geometry import polygon
from toysup.metrics.dimensionality import dimensionality
from toysup.theory.minima import feature_distribution, follow, loss_and_gradients, settle

P = np.array([0.3, 0.1, 0.6, 1.0])
IMPORTANCE = np.array([1.0, 0.5, 2.0, 1.0])


def model(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(2, 4)) * 0.7, rng.normal(size=4) * 0.2


def test_a_world_has_the_moments_of_its_features():
    w = feature_distribution(P)
    assert w.weight.sum() == pytest.approx(1)
    np.testing.assert_allclose(w.x @ w.weight, P / 2)
    np.testing.assert_allclose(w.x**2 @ w.weight, P / 3)
    joint = (w.x * w.weight) @ w.x.T
    np.testing.assert_allclose(joint[0, 1:], P[0] * P[1:] / 4)
    empty = (w.x == 0).all(axis=0)
    assert w.weight[empty].sum() == pytest.approx(np.prod(1 - P))


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, 1])
def test_the_expected_loss_is_the_mean_over_samples(seed):
    W, b = model(seed)
    rng = np.random.default_rng(2)
    shape = 4, 400_000
    x = np.where(rng.uniform(size=shape) < P[:, None], rng.uniform(size=shape), 0)
    losses = np.mean(IMPORTANCE[:, None] * (x - np.maximum(W.T @ W @ x + b[:, None], 0)) ** 2, 0)
    loss, *_ = loss_and_gradients(W, b, feature_distribution(P), IMPORTANCE)
    assert abs(loss - losses.mean()) < 4 * losses.std() / np.sqrt(shape[1])


def test_gradients_are_those_of_finite_differences():
    W, b = model(3)
    w, small = feature_distribution(P), 1e-5
    _, by_W, by_b = loss_and_gradients(W, b, w, IMPORTANCE)
    for place in np.ndindex(W.shape):
        step = np.zeros(W.shape)
        step[place] = small
        ends = [loss_and_gradients(W + s * step, b, w, IMPORTANCE)[0] for s in (1, -1)]
        assert by_W[place] == pytest.approx((ends[0] - ends[1]) / (2 * small), abs=1e-6)
    for i in range(4):
        step = small * np.eye(4)[i]
        ends = [loss_and_gradients(W, b + s * step, w, IMPORTANCE)[0] for s in (1, -1)]
        assert by_b[i] == pytest.approx((ends[0] - ends[1]) / (2 * small), abs=1e-6)


def test_one_dimension_for_two_sparse_features_settles_on_the_antipodal_pair():
    """Its loss is (1 + 1) p^2 / 6, over two features (Elhage et al. 2022, section 3)."""
    p = 0.1
    start = np.array([[0.8, -0.7]])
    found = settle(start, np.zeros(2), feature_distribution(np.full(2, p)), np.ones(2))
    np.testing.assert_allclose(found.W, [[1, -1]], atol=0.02)
    assert found.loss == pytest.approx(p**2 / 6, rel=0.005)


def test_five_alike_stay_a_regular_pentagon_as_they_become_sparser():
    distributions = [feature_distribution(np.full(5, p)) for p in (0.1, 0.05)]
    turned = np.array([[0.6, -0.8], [0.8, 0.6]]) @ polygon(5)
    for found in follow(turned, distributions, [np.ones(5)] * 2):
        np.testing.assert_allclose(dimensionality(found.W), 2 / 5, atol=1e-3)
