import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import final_losses, loss_and_slopes, loss_of, setup, trained, untrained
from toysup.objectives.vicreg import VARIANCE_FLOOR, VICReg

KEY = jax.random.key(0)


def model_with(W):
    d_hidden, n_features = W.shape
    made = setup("vicreg", "identity", n_features=n_features, d_hidden=d_hidden)
    model = untrained(made, KEY)
    return model.replace(encoder={"W": jnp.asarray(W)})


def naive_loss(a, b, invariance, variance, covariance):
    d_hidden, batch = a.shape
    distance = sum(np.sum((a[:, k] - b[:, k]) ** 2) for k in range(batch)) / batch / d_hidden
    loss = invariance * distance
    for z in (a, b):
        C = np.cov(z)
        for i in range(d_hidden):
            lacking = max(0, 1 - np.sqrt(C[i, i] + VARIANCE_FLOOR))
            loss += variance * lacking / d_hidden / 2
            loss += covariance * sum(C[i, j] ** 2 for j in range(d_hidden) if j != i) / d_hidden
    return loss


@pytest.mark.slow
@pytest.mark.parametrize("weights", [(25.0, 25.0, 1.0), (1.0, 0.0, 0.0), (0.0, 2.0, 3.0)])
@pytest.mark.parametrize("scale", [1.0, 5.0])
def test_loss_is_invariance_variance_and_covariance(weights, scale):
    rng = np.random.default_rng(0)
    W = scale * rng.normal(size=(3, 5))
    x, y = rng.uniform(size=(2, 5, 9))
    names = ("invariance_weight", "variance_weight", "covariance_weight")
    loss = loss_of(VICReg(**dict(zip(names, weights, strict=True))), model_with(W), KEY, (x, y))
    np.testing.assert_allclose(loss, naive_loss(W @ x, W @ y, *weights), rtol=1e-5)


@pytest.mark.slow
def test_equal_views_with_uncorrelated_units_that_vary_enough_cost_nothing():
    signs = jnp.array([[1.0, 1, -1, -1], [1, -1, 1, -1]])
    for scale in (1.0, 3.0):
        np.testing.assert_array_equal(
            loss_of(VICReg(), model_with(np.eye(2)), KEY, (scale * signs,) * 2), 0
        )


@pytest.mark.slow
def test_a_collapsed_code_costs_the_variance_weight():
    x = jax.random.uniform(KEY, (2, 8))
    model = model_with(np.zeros((3, 2)))
    loss, gradient = loss_and_slopes(VICReg(), model, KEY, (x, x))
    np.testing.assert_allclose(loss, 25 * (1 - VARIANCE_FLOOR**0.5), rtol=1e-6)
    assert np.isfinite(gradient.W).all()


def masked_variance(p, keep):
    """The variance of a feature in a masked view, and its correlation with the other view."""
    variance = keep * p / 3 - (keep * p / 2) ** 2
    return variance, keep**2 * (p / 3 - p**2 / 4) / variance


@pytest.mark.long
def test_masked_features_become_a_tight_frame_as_large_as_invariance_allows():
    # Least a unit: 25 (2 (1 - agreement) std^2 + 1 - std), at std = 1 / (4 (1 - agreement)).
    made = setup(
        "vicreg", "mask", n_features=6, d_hidden=3, feature_probability=0.5,
        keep_probability=0.5, covariance_weight=25.0, batch_size=512, steps=500,
        learning_rate=0.01,
    )  # fmt: skip
    states = trained(made, seeds=3)
    variance, agreement = masked_variance(0.5, 0.5)
    std = 1 / (4 * (1 - agreement))
    for W in np.asarray(states.model.W):
        np.testing.assert_allclose(variance * W @ W.T, std**2 * np.eye(3), atol=0.04 * std**2)
    np.testing.assert_allclose(final_losses(made, states), 25 * (1 - std / 2), rtol=2e-3)
