import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import final_losses, loss_of, setup, trained, untrained
from toysup.objectives.spectral_contrastive import SpectralContrastive, squared_overlap

KEY = jax.random.key(0)


def model_with(W):
    model = untrained(setup("spectral_contrastive", "identity"), KEY)
    return model.replace(encoder={"W": jnp.asarray(W)})


@pytest.mark.slow
@pytest.mark.parametrize("weight", [1.0, 0.3])
def test_loss_rewards_products_of_a_pair_and_punishes_squared_ones_of_the_rest(weight):
    rng = np.random.default_rng(0)
    W, x, y = rng.normal(size=(2, 5)), rng.uniform(size=(5, 7)), rng.uniform(size=(5, 7))
    a, b = W @ x, W @ y
    expected = 0.0
    for i in range(7):
        expected -= 2 * a[:, i] @ b[:, i] / 7
        for j in range(7):
            expected += weight * (i != j) * (a[:, i] @ b[:, j]) ** 2 / (7 * 6)
    loss = loss_of(SpectralContrastive(overlap_weight=weight), model_with(W), KEY, (x, y))
    np.testing.assert_allclose(loss, expected, rtol=1e-5)


@pytest.mark.long
def test_the_overlap_of_a_batch_is_that_of_independent_samples_on_average():
    rng = np.random.default_rng(1)
    a = rng.normal(size=(2000, 2, 3)) + np.array([1.0, 0.0])[:, None]  # E[z z.T] = diag(2, 1)
    small = np.mean([squared_overlap(z, z) for z in a.astype(np.float32)])
    np.testing.assert_allclose(small, 2**2 + 1**2, rtol=0.1)


@pytest.mark.slow
def test_orthogonal_codes_of_equal_views_have_minus_twice_their_mean_squared_length():
    x = jnp.eye(5)[:, :2]
    loss = loss_of(SpectralContrastive(), model_with(3 * np.eye(2, 5)), KEY, (x, x))
    np.testing.assert_allclose(loss, -18)


def test_the_weight_only_scales_the_code():
    rng = np.random.default_rng(2)
    W, x, y = rng.normal(size=(2, 5)), rng.uniform(size=(5, 7)), rng.uniform(size=(5, 7))
    one = loss_of(SpectralContrastive(), model_with(2 * W), KEY, (x, y))
    four = loss_of(SpectralContrastive(overlap_weight=4.0), model_with(W), KEY, (x, y))
    np.testing.assert_allclose(one, 4 * four, rtol=1e-5)


@pytest.mark.long
def test_equal_views_leave_a_whitened_code_of_which_no_direction_matters():
    made = setup(
        "spectral_contrastive", "identity", n_features=6, d_hidden=2, feature_probability=0.3,
        batch_size=512, steps=1000, learning_rate=0.01,
    )  # fmt: skip
    states = trained(made, seeds=3)
    np.testing.assert_allclose(final_losses(made, states), -2, rtol=0.02)
    S = 0.15**2 + np.diag([0.1 - 0.15**2] * 6)
    grams = []
    for W in np.asarray(states.model.W, np.float64):
        np.testing.assert_allclose(W @ S @ W.T, np.eye(2), atol=0.02)
        grams.append(W.T @ W)
    assert np.abs(grams[0] - grams[1]).max() > 1
