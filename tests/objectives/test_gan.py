import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import keys_of, setup, trained
from toysup import train
from toysup.batch.programs import quick_jit
from toysup.objectives._energy import energy_distance, energy_of_the_best_constant
from toysup.objectives.gan import GAN

KEY = jax.random.key(0)


def players():
    """W, b, and the layers of a critic; a batch."""
    rng = np.random.default_rng(0)
    W, b = 0.5 * rng.normal(size=(2, 4)), 0.3 * rng.normal(size=4)
    shapes = (6, 4), (6, 6), (1, 6)
    critic = [(0.5 * rng.normal(size=s), 0.3 * rng.normal(size=s[0])) for s in shapes]
    x = rng.uniform(size=(4, 7)) * (rng.uniform(size=(4, 7)) < 0.5)
    return W, b, critic, x


def model_of(W, b, critic):
    extra = {"b": b, "critic": [{"W": A, "b": a} for A, a in critic]}
    return jax.tree.map(jnp.float32, train.Model(None, {"W": W}, extra))


def drawn(batch):
    """What the objective draws for a batch: z, and the shares of real samples."""
    latent_key, share_key = jax.random.split(KEY)
    z, share = jax.random.normal(latent_key, (2, batch)), jax.random.uniform(share_key, (batch,))
    return np.asarray(z, np.float64), np.asarray(share, np.float64)


def generated(W, b, z):
    return np.maximum(W.T @ z + b[:, None], 0)


def score_and_slope(critic, x):
    """D and dD/dx of one sample, from two layers of ReLUs."""
    (A, a), (B, b), (C, c) = critic
    first = A @ x + a
    second = B @ np.maximum(first, 0) + b
    slope = C[0] * (second > 0) @ B * (first > 0) @ A
    return C[0] @ np.maximum(second, 0) + c[0], slope


def naive_losses(game, critic, real, fake, share, weight):
    """The losses of the generator and of the critic, sample by sample."""
    generator = critic_loss = 0.0
    softplus = lambda d: np.logaddexp(0, d)  # noqa: E731
    for x, y, s in zip(real.T, fake.T, share, strict=True):
        (on_x, slope), (on_y, _) = score_and_slope(critic, x), score_and_slope(critic, y)
        if game == "wasserstein":
            between = score_and_slope(critic, s * x + (1 - s) * y)[1]
            generator -= on_y
            critic_loss += on_y - on_x + weight * (np.linalg.norm(between) - 1) ** 2
        else:
            generator += softplus(-on_y)
            critic_loss += softplus(on_y) + softplus(-on_x) + weight * (slope @ slope) / 2
    return generator / len(share), critic_loss / len(share)


def slopes(loss, arrays):
    """The gradient of `loss()` by central differences, moving each of `arrays` in place."""
    found = [np.zeros_like(a) for a in arrays]
    for array, slope in zip(arrays, found, strict=True):
        for place in np.ndindex(array.shape):
            values = []
            for change in (1e-6, -2e-6):
                array[place] += change
                values.append(loss())
            array[place] += 1e-6
            slope[place] = (values[0] - values[1]) / 2e-6
    return found


def naive_energy_distance(x, y):
    """2 E|x - y| - E|x - x'| - E|y - y'| over all pairs of different samples."""
    total, batch = 0.0, x.shape[1]
    for i in range(batch):
        for j in set(range(batch)) - {i}:
            across, in_x, in_y = (x[:, i] - y[:, j], x[:, i] - x[:, j], y[:, i] - y[:, j])
            total += 2 * np.linalg.norm(across) - np.linalg.norm(in_x) - np.linalg.norm(in_y)
    return total / (batch * (batch - 1))


@pytest.mark.long
@pytest.mark.parametrize("game", ["wasserstein", "non_saturating"])
def test_each_player_descends_its_own_loss_and_the_value_is_the_energy_distance(game):
    W, b, critic, x = players()
    (z, share), made = drawn(7), GAN(game=game, gradient_penalty=0.7, critic_rate=1.0)
    value, found = quick_jit(jax.value_and_grad(made.loss))(
        model_of(W, b, critic), KEY, jnp.float32(x)
    )
    fake = generated(W, b, z)
    np.testing.assert_allclose(value, naive_energy_distance(x, fake), rtol=1e-5)

    def generator_loss():
        return naive_losses(game, critic, x, generated(W, b, z), share, 0.7)[0]

    def critic_loss():  # the samples stay, also those that the penalty is taken at
        return naive_losses(game, critic, x, fake, share, 0.7)[1]

    weights = [array for layer in critic for array in layer]
    expected = slopes(generator_loss, [W, b]) + slopes(critic_loss, weights)
    mine = [found.encoder["W"], found.extra["b"]]
    mine += [p[name] for p in found.extra["critic"] for name in ("W", "b")]
    for one, other in zip(mine, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=2e-5)


@pytest.mark.slow
def test_energy_distance_of_two_points_is_twice_their_distance():
    x, y = jnp.zeros((2, 5)), jnp.tile(jnp.array([[3.0], [4.0]]), 5)
    np.testing.assert_allclose(energy_distance(x, y), 2 * 5)


@pytest.mark.slow
def test_energy_distance_is_0_for_equal_distributions_and_says_how_far_others_are():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 1, 4096))
    # N(0, 1) against N(d, 1), by E|N(d, 2)|: 2 E|N(d, 2)| - 2 E|N(0, 2)|, 0.5467 at d = 1.
    np.testing.assert_allclose(energy_distance(x, y), 0, atol=0.005)
    np.testing.assert_allclose(energy_distance(x, y + 1), 0.5467, atol=0.04)


@pytest.mark.slow
def test_the_best_constant_is_the_mean_of_dense_features_and_0_for_sparse_ones():
    rng = np.random.default_rng(2)
    dense = rng.uniform(size=(3, 200))
    sparse = dense * (rng.uniform(size=(3, 200)) < 0.05)
    mean = np.broadcast_to(dense.mean(axis=1, keepdims=True), dense.shape)
    np.testing.assert_allclose(
        energy_of_the_best_constant(dense), energy_distance(dense, mean), rtol=1e-4
    )
    np.testing.assert_allclose(
        energy_of_the_best_constant(sparse), energy_distance(sparse, 0 * sparse), rtol=1e-4
    )


@pytest.mark.long
def test_the_critic_is_trained_in_units_of_its_rate_and_starts_alike():
    *_, x = players()
    module = setup().encoder.module(4, 2)

    @quick_jit
    def start_and_slope(made):
        extra = made.init(KEY, module, 4, 2)
        model = train.Model(module, {"W": jnp.eye(2, 4)}, extra)
        slope = jax.grad(made.loss)(model, KEY, jnp.float32(x))
        return made.critic(model), extra["critic"], slope

    once, far = (
        start_and_slope(GAN(critic_rate=rate, critic_width=6, critic_layers=1))
        for rate in (1.0, 4.0)
    )
    # Adam's steps are as large in parameters of any unit, so those of the critic count 4 times.
    for a, b in zip(jax.tree.leaves(once), jax.tree.leaves(far), strict=True):
        assert a.shape == b.shape
    scale = lambda tree, by: jax.tree.map(lambda a: by * a, tree)  # noqa: E731
    same = once[0], scale(once[1], 1 / 4), once[2].encoder, scale(once[2].extra["critic"], 4)
    for a, b in zip(
        jax.tree.leaves(same),
        jax.tree.leaves((far[0], far[1], far[2].encoder, far[2].extra["critic"])),
        strict=True,
    ):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5)


@pytest.mark.slow
def test_the_directions_are_those_of_the_generator():
    W, b, critic, _ = players()
    np.testing.assert_array_equal(GAN().codes(model_of(W, b, critic))["generator"], np.float32(W))


@pytest.mark.long
def test_independent_features_become_orthogonal_unless_they_start_opposed_and_never_meet():
    made = setup(
        "gan", game="non_saturating", n_features=2, d_hidden=2, feature_probability=0.3,
        critic_width=16, batch_size=128, steps=1000, learning_rate=0.01,
    )  # fmt: skip
    keys = keys_of(5)

    @quick_jit
    @jax.vmap
    def cosine(model):
        a, b = model.W.T
        return a @ b * jax.lax.rsqrt((a @ a) * (b @ b))

    starts = np.asarray(cosine(quick_jit(jax.vmap(lambda key: train.init(made, key).model))(keys)))
    models = trained(made, seeds=5).model
    ends, opposed = np.asarray(cosine(models)), starts < -0.7
    assert starts[~opposed].max() > 0.5
    assert np.abs(ends[~opposed]).max() < 0.3
    assert ends[starts < -0.95] < -0.9

    @quick_jit
    @jax.vmap
    def measured(model, key):
        return made.objective.measure(model, KEY, made.features.sample(key, 2, 8192))

    found = measured(models, keys)
    assert np.max(found["relative_energy_distance"][~opposed]) < 0.05
    np.testing.assert_allclose(found["generated_density"], 0.3, atol=0.15)


def test_an_encoder_that_would_not_be_trained_is_a_misfit():
    assert GAN.incompatibility({"encoder": "linear"}) is None
    assert "would not be trained" in GAN.incompatibility({"encoder": "relu"})
