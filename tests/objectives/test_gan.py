import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from tests.training import keys_of, setup, trained
from toysup import train
from toysup.objectives._energy import energy_distance, energy_of_the_best_constant
from toysup.objectives.gan import GAN

KEY = jax.random.key(0)
SHAPE = {"n_features": 4, "d_hidden": 2, "critic_width": 6}


def start(made):
    return jax.jit(lambda key: train.init(made, key).model)(KEY)


def parts(made):
    """A model with biases that are not 0, a batch, and what the objective draws for it."""
    rng = np.random.default_rng(0)
    model = jax.tree.map(lambda p: np.float32(p + 0.1 * rng.normal(size=p.shape)), start(made))
    x = rng.uniform(size=(4, 7)) * (rng.uniform(size=(4, 7)) < 0.5)
    latent_key, share_key = jax.random.split(KEY)
    z = jax.random.normal(latent_key, (2, 7))
    share = jax.random.uniform(share_key, (7,))
    return model, *(np.asarray(a, np.float64) for a in (x, z, share))


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


@pytest.mark.parametrize("game", ["wasserstein", "non_saturating"])
def test_each_player_moves_along_the_gradient_of_its_own_loss(game):
    made = setup("gan", game=game, gradient_penalty=0.7, critic_rate=1.0, **SHAPE)
    model, x, z, share = parts(made)
    found = jax.jit(jax.grad(made.objective.loss))(model, KEY, jnp.asarray(x))
    W, b = np.array(model.W, np.float64), np.array(model.own["b"], np.float64)
    critic = [
        (np.array(p["W"], np.float64), np.array(p["b"], np.float64)) for p in model.own["critic"]
    ]

    def losses():
        return naive_losses(game, critic, x, generated(W, b, z), share, 0.7)

    for mine, expected in zip(
        (found.encoder["W"], found.own["b"]), slopes(lambda: losses()[0], [W, b]), strict=True
    ):
        np.testing.assert_allclose(mine, expected, atol=2e-5)
    # The penalty between real and generated samples must not move the samples: held here too.
    fake = generated(W, b, z)
    weights = [array for layer in critic for array in layer]
    expected = slopes(lambda: naive_losses(game, critic, x, fake, share, 0.7)[1], weights)
    mine = [array for p in found.own["critic"] for array in (p["W"], p["b"])]
    for one, other in zip(mine, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=2e-5)


@pytest.mark.parametrize("game", ["wasserstein", "non_saturating"])
def test_the_value_is_the_energy_distance_of_the_batch_whatever_the_critic(game):
    made = setup("gan", game=game, **SHAPE)
    model, x, z, _ = parts(made)
    y = generated(np.asarray(model.W), np.asarray(model.own["b"]), z)
    expected, pairs = 0.0, 0
    for i in range(7):
        for j in range(7):
            if i != j:
                norms = [np.linalg.norm(a[:, i] - b[:, j]) for a, b in ((x, y), (x, x), (y, y))]
                expected, pairs = expected + 2 * norms[0] - norms[1] - norms[2], pairs + 1
    found = jax.jit(made.objective.loss)(model, KEY, jnp.asarray(x))
    np.testing.assert_allclose(found, expected / pairs, rtol=1e-5)


def test_energy_distance_of_two_points_is_twice_their_distance():
    x, y = jnp.zeros((2, 5)), jnp.tile(jnp.array([[3.0], [4.0]]), 5)
    np.testing.assert_allclose(energy_distance(x, y), 2 * 5)


def test_energy_distance_is_0_for_equal_distributions_and_says_how_far_others_are():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 1, 4096))
    # N(0, 1) against N(d, 1), by E|N(d, 2)|: 2 E|N(d, 2)| - 2 E|N(0, 2)|, 0.5467 at d = 1.
    np.testing.assert_allclose(energy_distance(x, y), 0, atol=0.005)
    np.testing.assert_allclose(energy_distance(x, y + 1), 0.5467, atol=0.04)


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


def test_the_critic_takes_steps_critic_rate_times_as_large_and_starts_alike():
    adam = optax.scale_by_adam(eps=1e-30)

    @jax.jit
    def first_step(made):
        before = train.init(made, KEY).model
        slope = jax.grad(made.objective.loss)(before, KEY, jnp.eye(4))
        update, _ = adam.update(slope, adam.init(before))
        after = optax.apply_updates(before, update)
        start, end = made.objective.critic(before), made.objective.critic(after)
        return start, jax.tree.map(jnp.subtract, end, start), after.W - before.W

    results = [first_step(setup("gan", critic_rate=rate, **SHAPE)) for rate in (1.0, 4.0)]
    (start, moved, W_moved), (same_start, moved_far, W_moved_too) = results
    for a, b in zip(jax.tree.leaves(start), jax.tree.leaves(same_start), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)
    for a, b in zip(jax.tree.leaves(moved), jax.tree.leaves(moved_far), strict=True):
        np.testing.assert_allclose(4 * a, b, atol=1e-4)
    np.testing.assert_allclose(W_moved, W_moved_too, atol=1e-4)


def test_the_directions_are_those_of_the_generator_which_starts_as_every_encoder_does():
    model = start(setup("gan", **SHAPE))
    np.testing.assert_array_equal(GAN().codes(model)["generator"], model.W)
    np.testing.assert_array_equal(model.W, start(setup("mse", n_features=4)).W)


def test_independent_features_become_orthogonal_unless_they_start_opposed_and_never_meet():
    made = setup(
        "gan", game="non_saturating", n_features=2, d_hidden=2, feature_probability=0.3,
        critic_width=16, batch_size=128, steps=1000, learning_rate=0.01,
    )  # fmt: skip
    keys = keys_of(5)

    @jax.jit
    @jax.vmap
    def cosine(model):
        a, b = model.W.T
        return a @ b * jax.lax.rsqrt((a @ a) * (b @ b))

    starts = np.asarray(cosine(jax.jit(jax.vmap(lambda key: train.init(made, key).model))(keys)))
    models = trained(made, seeds=5).model
    ends, opposed = np.asarray(cosine(models)), starts < -0.7
    assert starts[~opposed].max() > 0.5
    assert np.abs(ends[~opposed]).max() < 0.3
    assert ends[starts < -0.95] < -0.9

    @jax.jit
    @jax.vmap
    def measured(model, key):
        return made.objective.measure(model, KEY, made.features.sample(key, 2, 8192))

    found = measured(models, keys)
    assert np.max(found["relative_energy_distance"][~opposed]) < 0.05
    np.testing.assert_allclose(found["generated_density"], 0.3, atol=0.15)


def test_an_encoder_that_would_not_be_trained_is_a_misfit():
    assert GAN.misfit({"encoder": "linear"}) is None
    assert "would not be trained" in GAN.misfit({"encoder": "relu"})
