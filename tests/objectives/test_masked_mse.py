import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import final_losses, loss_of, setup, trained, untrained
from toysup.objectives.masked_mse import MaskedMSE
from toysup.objectives.mse import MSE

KEY = jax.random.key(3)


def model_of(W, b):
    n, m = W.shape[1], W.shape[0]
    model = untrained(setup("masked_mse", n_features=n, d_hidden=m), KEY)
    return model.replace(encoder={"W": jnp.asarray(W)}, extra={"b": jnp.asarray(b)})


def naive_loss(W, b, x, hidden, decay):
    total = 0.0
    n, batch = x.shape
    for s in range(batch):
        seen = [0.0 if hidden[i, s] else x[i, s] for i in range(n)]
        y = np.maximum(W.T @ (W @ seen) + b, 0)
        total += sum(decay**i * (x[i, s] - y[i]) ** 2 for i in range(n))
    return total / (n * batch)


@pytest.mark.long
def test_loss_is_the_error_of_all_features_read_from_those_that_are_left():
    rng = np.random.default_rng(0)
    W, b, x = rng.normal(size=(2, 5)), rng.normal(size=5), rng.uniform(size=(5, 8))
    hidden = np.asarray(jax.random.uniform(KEY, x.shape)) < 0.4
    assert 0 < hidden.sum() < hidden.size
    objective = MaskedMSE(mask_probability=0.4, importance_decay=0.7)
    loss = loss_of(objective, model_of(W, b), KEY, jnp.asarray(x))
    np.testing.assert_allclose(loss, naive_loss(W, b, x, hidden, 0.7), rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("q", [0.1, 0.5, 0.8])
def test_the_mask_hides_its_share_of_the_features(q):
    # What is hidden of ones is all of the error of a code that keeps everything.
    loss = loss_of(
        MaskedMSE(mask_probability=q), model_of(np.eye(4), np.zeros(4)), KEY, jnp.ones((4, 10000))
    )
    np.testing.assert_allclose(loss, q, atol=4 * np.sqrt(q * (1 - q) / 40000))


@pytest.mark.slow
def test_no_mask_makes_it_mse_and_a_whole_one_leaves_the_bias():
    rng = np.random.default_rng(1)
    W, b, x = rng.normal(size=(2, 5)), rng.normal(size=5), rng.uniform(size=(5, 8))
    model, x = model_of(W, b), jnp.asarray(x)
    np.testing.assert_allclose(
        loss_of(MaskedMSE(mask_probability=0.0), model, KEY, x),
        loss_of(MSE(), model, KEY, x),
        rtol=1e-6,
    )
    bias_alone = np.mean((np.asarray(x) - np.maximum(b, 0)[:, None]) ** 2)
    loss = loss_of(MaskedMSE(mask_probability=1.0), model, KEY, x)
    np.testing.assert_allclose(loss, bias_alone, rtol=1e-5)


@pytest.mark.long
def test_masking_is_mse_of_sparser_features_with_what_is_hidden_guessed():
    # t is what one can know of x_i from itself: x_i where it is seen, and otherwise the guess.
    p, q = 0.4, 0.5
    made = setup(feature_probability=p)
    x = np.asarray(made.features.sample(jax.random.key(4), 5, 200_000), np.float64)
    seen = np.where(np.asarray(jax.random.uniform(KEY, x.shape)) < q, 0, x)
    guess = q * (p / 2) / (1 - (1 - q) * p)
    t = np.where(seen > 0, x, guess)
    rng = np.random.default_rng(2)
    for _ in range(3):
        W, b = rng.normal(size=(2, 5)), 0.3 * rng.normal(size=5)
        error = np.mean((t - np.maximum(W.T @ (W @ seen) + b[:, None], 0)) ** 2)
        loss = loss_of(
            MaskedMSE(mask_probability=q), model_of(W, b), KEY, jnp.asarray(x, jnp.float32)
        )
        lost = q * p / 3 - (1 - (1 - q) * p) * guess**2
        np.testing.assert_allclose(loss, error + lost, rtol=0.01)


@pytest.mark.long
@pytest.mark.parametrize(("p", "q"), [pytest.param(0.5, 0.3, marks=pytest.mark.long), (0.05, 0.5)])
def test_a_code_with_room_for_all_loses_what_is_hidden(p, q):
    # Each feature is regressed on what is seen of it.
    made = setup(
        "masked_mse", n_features=3, d_hidden=3, feature_probability=p, mask_probability=q,
        batch_size=256, steps=1000, learning_rate=0.01,
    )  # fmt: skip
    mean, square = p / 2, p / 3
    left = (
        square
        - mean**2
        - ((1 - q) * (square - mean**2)) ** 2 / ((1 - q) * square - ((1 - q) * mean) ** 2)
    )
    losses = final_losses(made, trained(made))
    np.testing.assert_allclose(losses.mean(), left, rtol=0.02)
    if p < 0.1:
        np.testing.assert_allclose(left, q * square, rtol=0.03)
