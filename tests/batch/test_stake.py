"""What the directions are worth to a loss, and what a loss is without any code."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests import training
from tests.training import keys_of, setup, untrained
from toysup import grid, registry, spec, train
from toysup.batch import stake
from toysup.batch.programs import quick_jit
from toysup.engine import chunk

OBJECTIVES = registry.names("objectives")
ENCODERS = {"absolute_value": "relu"}  # the only one it takes
# A constant code is worse than one that says nothing: VICReg asks for codes that vary.
CONSTANT_IS_WORSE = {"vicreg"}


def made(objective, views="resample", **settings):
    views = views if registry.load("objectives", objective).pairs else None
    encoder = ENCODERS.get(objective, "linear")
    return setup(objective, views, encoder=encoder, feature_probability=0.3, **settings)


@quick_jit(optimised=False)
def without_a_code(cell, key):
    """The mean loss where the encoder answers 0, with all else trained beside it, and the mean loss
    at chance, on the same fresh batches."""
    state = train.init(cell, key)
    zeros = jax.tree.map(jnp.zeros_like, state.model.encoder)
    # A bias of 0 behind a ReLU has no gradient where the code answers 0.
    extra = {k: v + 0.1 if k == "b" else v for k, v in state.model.extra.items()}
    state = state.replace(model=state.model.replace(encoder=zeros, extra=extra))
    steps = cell.training.steps
    one = lambda i, state: train.step(cell, key, state, i, steps, encoder_rate=0.0)  # noqa: E731
    model = jax.lax.fori_loop(0, steps, one, state).model

    def both(key, x, _):
        return train.batch_loss(cell, model, key, x), cell.objective.chance(x, cell.size.d_hidden)

    return jax.tree.map(jnp.mean, train.on_fresh_batches(cell, key, 40, both))


@pytest.mark.some(1)
@pytest.mark.slow
@pytest.mark.parametrize("objective", sorted(set(OBJECTIVES) - CONSTANT_IS_WORSE - {"gan"}))
def test_the_loss_at_chance_is_that_of_an_encoder_that_answers_0(objective):
    cell = made(objective, steps=600, batch_size=256, learning_rate=0.02)
    loss, chance = map(float, without_a_code(cell, keys_of(1)[0]))
    assert loss == pytest.approx(chance, rel=0.01, abs=1e-4)


@pytest.mark.long
def test_vicreg_is_at_chance_where_the_views_share_nothing():
    # Two samples that have nothing to do with each other: units with a std of 1/4 are its best.
    objective = registry.load("objectives", "vicreg")()
    x = jax.random.normal(jax.random.key(0), (2, 5, 4096))
    model = untrained(setup(n_features=5, d_hidden=5), jax.random.key(1))

    @quick_jit(optimised=False)
    def loss(std):
        return objective.loss(model.replace(encoder={"W": std * jnp.eye(5)}), None, x)

    losses = [float(loss(std)) for std in np.linspace(0.1, 0.5, 41)]
    assert min(losses) == pytest.approx(float(objective.chance(x, 5)), rel=0.01)


@pytest.mark.long
def test_the_gan_at_chance_generates_the_better_constant():
    objective = registry.load("objectives", "gan")()
    x = jax.random.uniform(jax.random.key(0), (3, 512))
    apart = lambda a, b: np.linalg.norm(a[:, :, None] - b[:, None, :], axis=0)  # noqa: E731
    x64 = np.asarray(x, np.float64)

    def energy(constant):
        within = apart(x64, x64).sum() / (512 * 511)
        return 2 * apart(x64, constant).mean() - within

    expected = min(energy(x64.mean(axis=1, keepdims=True)), energy(np.zeros((3, 1))))
    assert float(objective.chance(x, 2)) == pytest.approx(expected, rel=0.05)


@pytest.mark.long
def test_random_directions_keep_the_length_of_every_column():
    model = untrained(setup(n_features=7, d_hidden=3), jax.random.key(0))
    turned = stake.random_directions(model, jax.random.key(1))
    np.testing.assert_allclose(
        np.linalg.norm(turned.W, axis=0), np.linalg.norm(model.W, axis=0), rtol=1e-5
    )
    cosine = (turned.W * model.W).sum(axis=0) / np.linalg.norm(model.W, axis=0) ** 2
    assert np.abs(cosine).max() < 0.999


@pytest.mark.long
def test_training_with_an_encoder_rate_of_0_moves_all_but_the_encoder():
    cell = setup("mse", steps=5, batch_size=16, feature_probability=0.5)
    state = train.init(cell, jax.random.key(0))
    step = quick_jit(
        lambda state: train.step(cell, jax.random.key(1), state, 0, 5, encoder_rate=0.0)
    )
    after = step(state)
    np.testing.assert_array_equal(after.model.W, state.model.W)
    assert np.abs(after.model.extra["b"]).max() > 0


def trained(objective, **changes):
    sweep = {
        "seeds": 3,
        "model": {"n_features": 5, "d_hidden": 2},
        "train": {"steps": 600, "batch_size": 256, "learning_rate": 0.02},
        "features": {"independent": {"feature_probability": 0.1}},
        "objective": {objective: {}},
    }
    plan = grid.plan(spec.parse(sweep | changes), seeds_per_chunk=3)
    return chunk.run(plan, plan.chunks[0])


@pytest.mark.long
def test_the_stake_is_the_loss_with_other_directions_and_a_bias_fitted_to_them():
    found = trained("mse")
    W, b = (x[0, 0] for x in (found.whole.codes["encoder"].W, found.extra_parameters["b"]))
    # By hand: the same lengths in random directions, and the bias that plain descent finds.
    x = np.asarray(
        training.setup("mse", feature_probability=0.1).features.sample(jax.random.key(5), 5, 5000),
        np.float64,
    )
    rng = np.random.default_rng(0)

    def loss(W, b):
        return ((x - np.maximum(W.T @ W @ x + b[:, None], 0)) ** 2).mean()

    costs = []
    for _ in range(20):
        u = rng.standard_normal(W.shape)
        turned = u / np.linalg.norm(u, axis=0) * np.linalg.norm(W, axis=0)
        c = b.astype(np.float64).copy()
        for _ in range(150):
            z = turned.T @ turned @ x + c[:, None]
            c -= 0.3 * np.where(z > 0, z - x, 0).mean(axis=1) / 0.3
        costs.append(loss(turned, c) - loss(W, b))
    expected, spread = np.mean(costs), np.std(costs)
    assert (found.stake > 5 * found.stake_error).all()
    assert abs(found.stake.mean() - expected) < 3 * spread / np.sqrt(3)


@pytest.mark.long
def test_views_that_share_nothing_leave_a_loss_at_chance():
    features = {"independent": {"feature_probability": 1.0}}
    found = trained("infonce", views={"resample": {}}, features=features)
    assert (found.whole.loss > 0.999 * found.chance).all()


@pytest.mark.slow
def test_an_encoder_says_whether_it_has_a_matrix_whose_columns_can_be_turned():
    for encoder, turned in (("linear", True), ("relu", True), ("mlp", False), ("conv", False)):
        cell = setup("mse", encoder=encoder, n_features=10, tied=False)
        assert cell.encoder.has_matrix == ("W" in stake.shapes_of(cell).encoder) == turned


def test_what_stands_beside_the_encoder_is_trained_again_for_a_fifth_of_the_steps():
    for objective, steps in (("mse", 200), ("infonce", 0)):  # infonce trains nothing beside it
        cell = setup(objective, "mask" if objective == "infonce" else None)
        assert stake.refit_steps(stake.shapes_of(cell), 1000) == steps
