import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from tests.training import (
    final_losses,
    loss_and_slopes,
    loss_of,
    measures_of,
    setup,
    trained,
    untrained,
)
from toysup.batch.programs import quick_jit
from toysup.objectives.vae import ACTIVE_VARIANCE, VAE, kl_divergence

KEY = jax.random.key(5)


def model_of(W, extra, **settings):
    """A VAE's model with given matrices; what `extra` leaves out is as it starts."""
    made = setup("vae", n_features=W.shape[1], d_hidden=W.shape[0], **settings)
    model = untrained(made, KEY)
    extra = {name: jnp.asarray(value) for name, value in extra.items()}
    return model.replace(encoder={"W": jnp.asarray(W)}, extra=model.extra | extra)


@pytest.mark.long
def test_kl_is_the_integral_of_q_log_q_over_the_prior_summed_over_latents():
    means, log_variances = [0.0, 1.5, -0.3], [0.0, -1.2, 0.8]
    expected = 0.0
    for mean, log_variance in zip(means, log_variances, strict=True):
        q = norm(mean, np.exp(log_variance / 2))
        expected += quad(lambda z, q=q: q.pdf(z) * (q.logpdf(z) - norm.logpdf(z)), -12, 12)[0]
    kl = kl_divergence(jnp.array([means]).T, jnp.array([log_variances]).T)
    np.testing.assert_allclose(kl, [expected], rtol=1e-5)
    assert kl_divergence(jnp.zeros((3, 2)), jnp.zeros((3, 2))).tolist() == [0, 0]


@pytest.mark.long
@pytest.mark.parametrize("tied", [True, False])
def test_loss_is_half_the_squared_error_of_a_noisy_code_and_beta_times_the_kl(tied):
    rng = np.random.default_rng(0)
    n, m, batch, beta = 5, 2, 7, 0.3
    W, V, U = rng.normal(size=(3, m, n))
    b, c, u, x = *rng.normal(size=(1, n)), *rng.normal(size=(2, m)), rng.uniform(size=(n, batch))
    noise = np.asarray(jax.random.normal(KEY, (m, batch)))
    total = kl = 0.0
    for s in range(batch):
        mean, variance = W @ x[:, s] + c, np.exp(U @ x[:, s] + u)
        z = mean + np.sqrt(variance) * noise[:, s]
        y = np.maximum((W if tied else V).T @ z + b, 0)
        own_kl = sum(m**2 + v - 1 - np.log(v) for m, v in zip(mean, variance, strict=True)) / 2
        total += sum((x[:, s] - y) ** 2) / 2 + beta * own_kl
        kl += own_kl
    extra = {"b": b, "mean_bias": c, "U": U, "log_variance": u} | ({} if tied else {"V": V})
    model, objective = model_of(W, extra, tied=tied), VAE(beta=beta, tied=tied)
    np.testing.assert_allclose(
        loss_of(objective, model, KEY, jnp.asarray(x)), total / batch, rtol=1e-5
    )
    measured = measures_of(objective, model, KEY, jnp.asarray(x))
    np.testing.assert_allclose(measured["kl"], kl / batch, rtol=1e-5)
    assert set(measured) == {m.name for m in VAE.measures}


@pytest.mark.slow
def test_a_tied_code_is_measured_once_and_another_at_both_ends():
    rng = np.random.default_rng(1)
    W, V = rng.normal(size=(2, 2, 5))
    model = model_of(W, {"V": V})
    codes = VAE().codes(model)
    assert list(codes) == ["encoder", "decoder"]
    np.testing.assert_allclose(codes["encoder"].W, W, rtol=1e-6)
    np.testing.assert_allclose(codes["decoder"], V, rtol=1e-6)
    assert list(VAE(tied=True).codes(model_of(W, {}, tied=True))) == ["encoder"]


def test_a_latent_is_in_use_where_its_mean_varies_over_samples():
    variance = np.array([0.0, 0.5, 1.5, 1e3]) * ACTIVE_VARIANCE
    assert VAE().in_use(variance).tolist() == [False, False, True, True]


# Of x = 5 + independent Gaussians the ReLU cuts off nothing: the decoder is as good as linear.
VARIANCES, BETA = np.array([1.0, 0.5, 0.2, 0.05]), 0.1


def linear_optimum():
    """Large samples x and the best code for them: each latent a feature, the last one inactive."""
    z = np.random.default_rng(2).standard_normal((4, 100_000))
    z -= z.mean(axis=1, keepdims=True)
    white = np.linalg.solve(np.linalg.cholesky(np.cov(z, ddof=0)), z)
    x = 5 + np.sqrt(VARIANCES)[:, None] * white
    told = np.maximum(VARIANCES - BETA, 0)
    W = np.diag(np.sqrt(told) / VARIANCES)
    extra = {
        "V": np.diag(np.sqrt(told)),
        "b": np.full(4, 5.0),
        "mean_bias": -W @ np.full(4, 5.0),
        "log_variance": np.log(np.minimum(BETA / VARIANCES, 1)),
    }
    return jnp.asarray(x), W, extra


@pytest.mark.long
@pytest.mark.slow
def test_behind_a_linear_decoder_components_above_beta_are_active_at_the_closed_forms_loss():
    x, W, extra = linear_optimum()
    objective = VAE(beta=BETA)
    loss, slope = loss_and_slopes(objective, model_of(W, extra), KEY, x)
    active = VARIANCES[VARIANCES > BETA]
    expected = np.sum(BETA / 2 * (1 + np.log(active / BETA))) + VARIANCES[-1] / 2
    np.testing.assert_allclose(loss, expected, rtol=0.01)
    assert all(np.abs(leaf).max() < 0.01 for leaf in jax.tree.leaves(slope))
    kl = measures_of(objective, model_of(W, extra), KEY, x)["kl"]
    np.testing.assert_allclose(kl, np.sum(np.log(active / BETA)) / 2, rtol=1e-3)
    mean_variance = np.diag(W) ** 2 * VARIANCES
    assert objective.in_use(mean_variance).tolist() == [True, True, True, False]


@pytest.mark.slow
def test_behind_a_linear_decoder_turning_the_latents_or_using_the_inactive_one_costs_more():
    x, W, extra = linear_optimum()
    loss = lambda model: loss_of(VAE(beta=BETA), model, KEY, x)  # noqa: E731
    best = loss(model_of(W, extra))
    turn = np.eye(4)
    turn[:2, :2] = np.array([[1, -1], [1, 1]]) / np.sqrt(2)  # no longer orthogonal rows of V
    turned = extra | {"V": turn @ extra["V"], "mean_bias": turn @ extra["mean_bias"]}
    # The same posterior means and reconstructions; only the noise is along other axes.
    assert loss(model_of(turn @ W, turned)) > best + 0.005
    used = W.copy()
    used[3, 3] = 1.0
    shifted = extra | {"mean_bias": -used @ np.full(4, 5.0)}
    shifted["V"] = np.diag([*np.diag(extra["V"])[:3], 0.2])
    assert loss(model_of(used, shifted)) > best + 0.001


def two_features(**settings):
    """Six seeds of a VAE with a latent for each of two features, and their losses."""
    made = setup(
        "vae", n_features=2, batch_size=256, steps=1500, learning_rate=0.03, **settings
    )  # fmt: skip
    states = trained(made, seeds=6)
    return made, states, final_losses(made, states, batches=100)


@pytest.mark.long
def test_at_a_huge_beta_every_latent_is_inactive_and_the_bias_answers_alone():
    made, states, losses = two_features(feature_probability=1.0, beta=2.0)
    variance = 1 / 12
    np.testing.assert_allclose(losses, 2 * variance / 2, rtol=0.01)
    W = np.asarray(states.model.W)
    assert not made.objective.in_use(np.sum(W**2, axis=2) * variance).any()
    np.testing.assert_allclose(states.model.extra["b"], 1 / 2, atol=0.02)
    x = made.features.sample(KEY, 2, 512)
    kl = quick_jit(jax.vmap(lambda model: made.objective.measure(model, KEY, x)["kl"]))
    assert np.max(kl(states.model)) < 1e-3


@pytest.mark.long
def test_behind_the_relu_a_rare_feature_stays_at_a_beta_above_its_variance():
    p, beta = 0.05, 0.03
    variance = p / 3 - p**2 / 4
    assert beta > 1.8 * variance
    made, states, losses = two_features(feature_probability=p, beta=beta)
    best = losses.argmin()
    assert losses[best] < 0.9 * 2 * variance / 2
    W = np.asarray(states.model.W)[best]
    assert made.objective.in_use(np.sum(W**2, axis=1) * variance).any()
