import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import logsumexp

from tests.training import final_losses, loss_and_slopes, loss_of, setup, trained, untrained
from toysup.objectives._contrast import LARGEST_SCALE
from toysup.objectives.infonce import InfoNCE

KEY = jax.random.key(0)


def naive_loss(W, x, y, temperature, cosine):
    a, b = W @ x, W @ y
    batch = x.shape[1]
    s = np.empty((batch, batch))
    for i in range(batch):
        for j in range(batch):
            lengths = np.linalg.norm(a[:, i]) * np.linalg.norm(b[:, j]) if cosine else 1
            s[i, j] = a[:, i] @ b[:, j] / lengths / temperature
    total = 0.0
    for i in range(batch):
        total -= s[i, i] - np.log(np.sum(np.exp(s[i])))
        total -= s[i, i] - np.log(np.sum(np.exp(s[:, i])))
    return total / (2 * batch)


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("similarity", ["cosine", "dot"])
@pytest.mark.parametrize("learn_temperature", [False, True])
def test_loss_is_symmetric_cross_entropy_over_the_batch(similarity, learn_temperature):
    rng = np.random.default_rng(0)
    W, x, y = rng.normal(size=(2, 5)), rng.uniform(size=(5, 7)), rng.uniform(size=(5, 7))
    objective = InfoNCE(temperature=0.3, similarity=similarity, learn_temperature=learn_temperature)
    model = untrained(setup("infonce", "identity"), jax.random.key(0))
    extra = objective.init(None, model.module, 5, 2)
    model = model.replace(encoder={"W": jnp.asarray(W)}, extra=extra)
    expected = naive_loss(W, x, y, 0.3, similarity == "cosine")
    np.testing.assert_allclose(loss_of(objective, model, KEY, (x, y)), expected, rtol=1e-5)


@pytest.mark.long
@pytest.mark.parametrize("similarity", ["cosine", "dot"])
def test_extreme_similarities_keep_the_loss_finite_and_right(similarity):
    x = jnp.concatenate([100 * jnp.eye(5), jnp.zeros((5, 1))], axis=1)
    y = jnp.roll(x, 1, axis=1)
    model = untrained(setup("infonce", "identity"), jax.random.key(0))
    objective = InfoNCE(temperature=1 / LARGEST_SCALE, similarity=similarity)
    W = np.asarray(model.W, np.float64)
    loss, gradient = loss_and_slopes(objective, model, KEY, (x, y))
    assert np.isfinite(gradient.W).all()
    if similarity == "cosine":
        unit = lambda z: z / np.maximum(np.linalg.norm(z, axis=0), 1e-30)  # noqa: E731
        s = LARGEST_SCALE * unit(W @ x).T @ unit(W @ y)
        expected = np.mean(logsumexp(s, axis=1) + logsumexp(s, axis=0)) / 2 - np.mean(np.diag(s))
        np.testing.assert_allclose(loss, expected, rtol=1e-4)


def loss_on_the_circle(batch, temperature, similarity):
    """The loss of points on a circle at equal distances, and their textbook's."""
    angle = 2 * np.pi / batch * np.arange(batch)
    x = np.stack([np.cos(angle), np.sin(angle)])
    model = untrained(setup("infonce", "identity"), KEY).replace(encoder={"W": jnp.eye(2)})
    loss = loss_of(InfoNCE(temperature, similarity), model, KEY, (jnp.asarray(x, jnp.float32),) * 2)
    return loss, naive_loss(np.eye(2), x, x, temperature, similarity == "cosine")


@pytest.mark.long
@pytest.mark.parametrize("similarity", ["cosine", "dot"])
def test_a_loss_near_0_keeps_its_precision(similarity):
    loss, expected = loss_on_the_circle(5, 0.05, similarity)
    assert expected < 3e-6
    np.testing.assert_allclose(loss, expected, rtol=2e-5)


@pytest.mark.slow
@pytest.mark.parametrize("batch", [40, 80])
def test_the_scale_goes_to_100(batch):
    assert LARGEST_SCALE == 100
    np.testing.assert_allclose(*loss_on_the_circle(batch, 0.01, "cosine"), rtol=1e-5)


@pytest.mark.long
def test_the_scale_of_W_does_not_matter_to_a_cosine():
    made = setup("infonce", "identity")
    model = untrained(made, jax.random.key(0))
    x = made.features.sample(jax.random.key(1), 5, 32)
    larger = model.replace(encoder={"W": 7 * model.W})
    losses = [loss_of(made.objective, m, KEY, (x, x)) for m in (model, larger)]
    np.testing.assert_allclose(*losses, rtol=1e-5)


@pytest.mark.slow
def test_the_loss_is_ln_batch_when_positives_carry_no_information():
    made = setup(
        "infonce", "swap", swap_probability=1.0, batch_size=64, feature_probability=0.5,
        empty_samples="fill", steps=1500, learning_rate=0.01,
    )  # fmt: skip
    np.testing.assert_allclose(final_losses(made, trained(made)), np.log(64), atol=0.002)


@pytest.mark.long
def test_a_learned_temperature_falls_when_positives_are_exact():
    made = setup("infonce", "identity", learn_temperature=True, batch_size=64, steps=300)
    scale = trained(made, seeds=2).model.extra["log_scale"]
    assert (np.exp(-np.asarray(scale)) < 0.5).all()
