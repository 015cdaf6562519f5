import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import final_losses, loss_and_slopes, loss_of, setup, trained, untrained
from toysup.objectives.barlow_twins import BarlowTwins

KEY = jax.random.key(0)


def model_with(W):
    d_hidden, n_features = W.shape
    made = setup("barlow_twins", "identity", n_features=n_features, d_hidden=d_hidden)
    model = untrained(made, KEY)
    return model.replace(encoder={"W": jnp.asarray(W)})


def naive_loss(a, b, weight):
    d_hidden = len(a)
    loss = 0.0
    for i in range(d_hidden):
        for j in range(d_hidden):
            u, v = a[i] - a[i].mean(), b[j] - b[j].mean()
            correlation = sum(u * v) / np.sqrt(sum(u * u) * sum(v * v))
            loss += (1 - correlation) ** 2 if i == j else weight * correlation**2
    return loss


@pytest.mark.slow
def test_loss_is_that_of_the_cross_correlations_of_the_views():
    rng = np.random.default_rng(0)
    W = rng.normal(size=(3, 5))
    x, y = rng.uniform(size=(2, 5, 9))
    y = 0.5 * x + 0.5 * y
    loss = loss_of(BarlowTwins(redundancy_weight=0.3), model_with(W), KEY, (x, y))
    np.testing.assert_allclose(loss, naive_loss(W @ x, W @ y, 0.3), rtol=1e-5)


@pytest.mark.slow
def test_equal_uncorrelated_views_cost_nothing_and_opposite_ones_4_a_unit():
    signs = jnp.array([[1.0, 1, -1, -1], [1, -1, 1, -1]])
    model = model_with(np.eye(2))
    np.testing.assert_allclose(loss_of(BarlowTwins(), model, KEY, (signs, 3 * signs + 1)), 0)
    np.testing.assert_allclose(loss_of(BarlowTwins(), model, KEY, (signs, -signs)), 8, rtol=1e-6)


@pytest.mark.long
def test_equal_units_cost_their_correlations():
    x = jax.random.uniform(KEY, (2, 64))
    loss = loss_of(BarlowTwins(redundancy_weight=0.25), model_with(np.ones((3, 2))), KEY, (x, x))
    np.testing.assert_allclose(loss, 6 * 0.25, rtol=1e-5)


@pytest.mark.slow
def test_the_scale_of_each_hidden_unit_does_not_matter():
    rng = np.random.default_rng(1)
    W = rng.normal(size=(3, 5))
    x = rng.uniform(size=(2, 5, 32))
    losses = [
        loss_of(BarlowTwins(), model_with(V), KEY, x) for V in (W, np.diag([1e-3, 1.0, 50.0]) @ W)
    ]
    np.testing.assert_allclose(*losses, rtol=1e-4)


@pytest.mark.slow
def test_a_unit_that_does_not_vary_costs_its_own_agreement_with_a_finite_gradient():
    x = jnp.asarray([[1.0, 0.0, 1.0, 0.0], [1.0, 1.0, 1.0, 1.0]])
    model = model_with(np.eye(2))
    loss, gradient = loss_and_slopes(BarlowTwins(), model, KEY, (x, x))
    np.testing.assert_allclose(loss, 1, rtol=1e-6)
    assert np.isfinite(gradient.W).all()


@pytest.mark.long
def test_independent_units_cost_what_chance_correlations_do():
    # Over a batch of B, uncorrelated samples have a squared correlation of 1 / (B - 1).
    x = jax.random.uniform(KEY, (3000, 3, 16))
    model = model_with(np.eye(3))
    losses = jax.jit(jax.vmap(lambda x: BarlowTwins().loss(model, KEY, (x, x))))(x)
    np.testing.assert_allclose(losses.mean(), 6 / 15, rtol=0.02)


def agreement(p, keep):
    """The correlation of a feature in one masked view with itself in the other."""
    return keep * (1 / 3 - p / 4) / (1 / 3 - keep * p / 4)


@pytest.mark.long
def test_masked_features_are_whitened_and_the_loss_is_what_masks_and_chance_take():
    made = setup(
        "barlow_twins", "mask", n_features=6, d_hidden=3, feature_probability=0.5,
        keep_probability=0.7, batch_size=512, steps=500, learning_rate=0.01,
    )  # fmt: skip
    states = trained(made, seeds=3)
    for W in np.asarray(states.model.W):
        rows = W / np.linalg.norm(W, axis=1, keepdims=True)
        np.testing.assert_allclose(rows @ rows.T, np.eye(3), atol=0.02)
    expected = 3 * (1 - agreement(0.5, 0.7)) ** 2 + 6 / 511
    np.testing.assert_allclose(final_losses(made, states), expected, rtol=0.02)


@pytest.mark.long
def test_small_batches_of_sparse_features_give_each_feature_to_one_hidden_unit():
    made = setup(
        "barlow_twins", "identity", n_features=6, d_hidden=3, feature_probability=0.1,
        batch_size=32, steps=1500, learning_rate=0.01,
    )  # fmt: skip
    squares = np.asarray(trained(made, seeds=3).model.W) ** 2
    share = squares.max(axis=1).sum(axis=1) / squares.sum(axis=(1, 2))
    assert (share > 0.95).all(), share
