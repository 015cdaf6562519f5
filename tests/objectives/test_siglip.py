import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import final_losses, loss_and_slopes, loss_of, setup, trained, untrained
from toysup.objectives._contrast import LARGEST_SCALE
from toysup.objectives.siglip import SigLIP

KEY = jax.random.key(0)


def model_with(objective, W):
    model = untrained(setup("siglip", "identity"), KEY)
    extra = objective.init(None, model.module, 5, 2)
    return model.replace(encoder={"W": jnp.asarray(W)}, extra=extra)


def naive_loss(W, x, y, temperature, bias):
    a, b = (W @ view / np.linalg.norm(W @ view, axis=0) for view in (x, y))
    batch = x.shape[1]
    total = 0.0
    for i in range(batch):
        for j in range(batch):
            z = 1 if i == j else -1
            total += np.log1p(np.exp(-z * (a[:, i] @ b[:, j] / temperature + bias)))
    return total / batch


@pytest.mark.slow
@pytest.mark.parametrize("learn_temperature", [False, True])
@pytest.mark.parametrize("learn_bias", [False, True])
def test_loss_is_the_binary_cross_entropy_of_every_pair(learn_temperature, learn_bias):
    rng = np.random.default_rng(0)
    W, x, y = rng.normal(size=(2, 5)), rng.uniform(size=(5, 7)), rng.uniform(size=(5, 7))
    objective = SigLIP(0.3, -2.0, learn_temperature, learn_bias)
    model = model_with(objective, W)
    assert ("log_scale" in model.extra, "bias" in model.extra) == (learn_temperature, learn_bias)
    expected = naive_loss(W, x, y, 0.3, -2.0)
    np.testing.assert_allclose(loss_of(objective, model, KEY, (x, y)), expected, rtol=1e-5)


def test_it_starts_at_the_papers_temperature_and_bias():
    extra = SigLIP().init(None, None, 5, 2)
    np.testing.assert_allclose(extra["log_scale"], np.log(10), rtol=1e-6)
    assert extra["bias"] == -10


@pytest.mark.slow
def test_a_learned_bias_and_temperature_have_the_slopes_of_their_formula():
    rng = np.random.default_rng(1)
    W, x, y = rng.normal(size=(2, 5)), rng.uniform(size=(5, 7)), rng.uniform(size=(5, 7))
    slope = loss_and_slopes(SigLIP(), model_with(SigLIP(), W), KEY, (x, y))[1].extra
    step = 1e-5
    by_bias = [naive_loss(W, x, y, 0.1, -10 + sign * step) for sign in (1, -1)]
    by_scale = [naive_loss(W, x, y, 0.1 * np.exp(-sign * step), -10) for sign in (1, -1)]
    np.testing.assert_allclose(slope["bias"], np.subtract(*by_bias) / (2 * step), rtol=1e-4)
    np.testing.assert_allclose(slope["log_scale"], np.subtract(*by_scale) / (2 * step), rtol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("bias", [-500.0, 0.0, 500.0])
def test_extreme_logits_keep_the_loss_and_its_slopes_finite(bias):
    x = jnp.concatenate([100 * jnp.eye(5), jnp.zeros((5, 2))], axis=1)
    model = model_with(SigLIP(1 / LARGEST_SCALE, bias), np.ones((2, 5)))
    loss, slopes = loss_and_slopes(SigLIP(), model, KEY, (x, x))
    assert np.isfinite(loss)
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(slopes))


@pytest.mark.long
@pytest.mark.parametrize("batch", [7, 40])
def test_the_largest_scale_is_right(batch):
    rng = np.random.default_rng(3)
    W, x, y = rng.normal(size=(2, 5)), *rng.normal(size=(2, 5, batch))
    objective = SigLIP(1 / LARGEST_SCALE, -10.0, False)
    loss, slopes = loss_and_slopes(objective, model_with(objective, W), KEY, (x, y))
    np.testing.assert_allclose(loss, naive_loss(W, x, y, 1 / LARGEST_SCALE, -10), rtol=1e-5)
    step, expected = 1e-6, np.zeros_like(W)
    for place in np.ndindex(W.shape):
        moved = np.zeros_like(W)
        moved[place] = step
        values = [naive_loss(W + k * moved, x, y, 1 / LARGEST_SCALE, -10) for k in (1, -1)]
        expected[place] = np.subtract(*values) / (2 * step)
    np.testing.assert_allclose(slopes.W, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())


def test_the_scale_of_W_does_not_matter():
    rng = np.random.default_rng(2)
    W, x = rng.normal(size=(2, 5)), rng.uniform(size=(5, 7))
    losses = [loss_of(SigLIP(), model_with(SigLIP(), k * W), KEY, (x, x[:, ::-1])) for k in (1, 7)]
    np.testing.assert_allclose(*losses, rtol=1e-5)


@pytest.mark.long
def test_without_information_every_pair_gets_the_chance_of_one_in_batch():
    made = setup(
        "siglip", "swap", swap_probability=1.0, batch_size=64, feature_probability=0.5,
        empty_samples="fill", steps=500, learning_rate=0.03,
    )  # fmt: skip
    states = trained(made, seeds=2)
    guessing = np.log(64) + 63 * np.log(64 / 63)
    np.testing.assert_allclose(final_losses(made, states), guessing, atol=0.001)
    # All codes are at one place, where the similarity is 1 / temperature.
    extra = states.model.extra
    np.testing.assert_allclose(np.exp(extra["log_scale"]) + extra["bias"], -np.log(63), atol=0.05)
