"""What holds of everything that is registered, so that a new file is right or fails here."""

import inspect
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests import training
from tests.training import setup, stack
from toysup import registry, train

EVERYTHING = [(family, name) for family in registry.FAMILIES for name in registry.names(family)]
OBJECTIVES, VIEWS = registry.names("objectives"), registry.names("views")
TEST_FOLDER = Path(__file__).parent


def small(objective, views="identity", **settings):
    views = views if registry.load("objectives", objective).pairs else None
    return setup(objective, views, steps=10, batch_size=8, **settings)


def elsewhere(default, spec):
    """Another value that a traced setting may have."""
    steps = (0.8 * default, 1.2 * default, default + 0.2, default - 0.2)
    return next(v for v in steps if v != default and spec.fault(v) is None)


def apart(cls):
    """Traced settings of a plugin, all away from their defaults."""
    traced = {name: s for name, s in registry.settings(cls).items() if not s.static}
    return {name: elsewhere(s.default, s) for name, s in traced.items()}


def assert_lanes_are_alone(program, lanes, *shared, rtol=1e-4, atol=1e-6):
    """`program` of a stack of lanes gives each what it has by itself."""
    axes = (0, *(None for _ in shared))
    together = jax.jit(jax.vmap(program, axes, axis_size=len(lanes)))(stack(lanes), *shared)
    alone = jax.jit(program)
    for place, lane in enumerate(lanes):
        one = alone(jax.tree.map(jnp.float32, lane), *shared)
        leaves = zip(jax.tree.leaves(together), jax.tree.leaves(one), strict=True)
        for beside, expected in leaves:
            np.testing.assert_allclose(beside[place], expected, rtol=rtol, atol=atol)
            assert np.isfinite(expected).all()


@pytest.mark.parametrize(("family", "name"), EVERYTHING)
def test_everything_registered_cites_its_source_and_documents_its_settings(family, name):
    cls = registry.load(family, name)
    assert "Source: " in inspect.getdoc(cls)
    assert all(s.doc and not s.doc.endswith(".") for s in registry.settings(cls).values())
    assert all(s.fault(s.default) is None for s in registry.settings(cls).values())


@pytest.mark.parametrize(("family", "name"), EVERYTHING)
def test_everything_registered_has_a_test_file_of_its_own(family, name):
    text = (TEST_FOLDER / family / f"test_{name}.py").read_text()
    assert "def test_" in text


def test_a_setting_name_belongs_to_one_family():
    homes = {}
    classes = [("model", train.Size), ("train", train.Training)]
    classes += [(family, registry.load(family, name)) for family, name in EVERYTHING]
    for family, cls in classes:
        for name in registry.settings(cls):
            assert homes.setdefault(name, family) == family


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_gradients_are_finite_and_those_that_each_lane_has_alone(objective):
    # One program traces the loss for all lanes, of an ordinary batch and of an all-zero one.
    cls, traces = registry.load("objectives", objective), []
    lanes = [small(objective), small(objective, feature_probability=0.5, **apart(cls))]
    state = train.init(lanes[0], jax.random.key(0))

    def program(made, key, share):
        traces.append(objective)
        x = jax.tree.map(lambda x: share * x, train.fresh_batch(made, key))
        return jax.value_and_grad(lambda m: train.batch_loss(made, m, key, x))(state.model)

    axes = (0, None, None)
    together, alone = jax.jit(jax.vmap(program, axes)), jax.jit(program)
    for share in (1.0, 0.0):
        shared = jax.random.key(1), jnp.float32(share)
        beside = together(stack(lanes), *shared)
        for place, lane in enumerate(lanes):
            one = alone(jax.tree.map(jnp.float32, lane), *shared)
            for found, expected in zip(*map(jax.tree.leaves, (beside, one)), strict=True):
                assert np.isfinite(expected).all()
                np.testing.assert_allclose(found[place], expected, rtol=1e-4, atol=1e-5)
    assert len(traces) == 2, "it is traced again for other values"


@pytest.mark.parametrize("objective", ["mse", "infonce"])
def test_a_lane_trains_like_its_instance_alone(objective):
    lanes = [small(objective, "mask", learning_rate=rate) for rate in (0.01, 0.02)]
    run = lambda made: training.run(made, jax.random.key(2), 10).model.W  # noqa: E731
    assert_lanes_are_alone(run, lanes, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_objective_starts_from_the_same_encoder(objective):
    start = lambda name: train.init(small(name), jax.random.key(3)).model.W  # noqa: E731
    np.testing.assert_array_equal(start(objective), start("mse"))


@pytest.mark.parametrize("views", VIEWS)
def test_views_are_two_batches_of_the_right_shape_and_repeatable(views):
    features = registry.load("features", "independent")(feature_probability=0.3)
    pair = registry.load("views", views)()

    def draw(seed):
        return pair.pair(*jax.random.split(jax.random.key(seed)), features, 5, 64)

    anchors, positives = draw(0)
    assert anchors.shape == positives.shape == (5, 64)
    np.testing.assert_array_equal(positives, draw(0)[1])
    assert not np.array_equal(anchors, draw(1)[0])


@pytest.mark.parametrize("views", [v for v in VIEWS if v not in ("mask", "noise")])
def test_every_view_starts_from_the_samples_that_an_objective_without_views_sees(views):
    key = jax.random.key(4)
    anchors, _ = train.fresh_batch(small("infonce", views), key)
    np.testing.assert_array_equal(anchors, train.fresh_batch(small("mse"), key))


def test_views_that_change_both_sides_start_from_the_same_samples_too():
    key = jax.random.key(4)
    x = train.fresh_batch(small("mse"), key)
    masked, _ = train.fresh_batch(small("infonce", "mask"), key)
    np.testing.assert_array_equal(masked[masked > 0], x[masked > 0])
    noisy, _ = train.fresh_batch(small("infonce", "noise", noise_scale=1e-6), key)
    np.testing.assert_allclose(noisy, x, atol=1e-4)


@pytest.mark.parametrize("name", VIEWS)
def test_a_views_lane_is_the_view_alone(name):
    cls = registry.load("views", name)
    features = registry.load("features", "independent")(feature_probability=0.5)
    lanes = [(cls(), features), (cls(**apart(cls)), features)]
    keys = jax.random.split(jax.random.key(5))
    assert_lanes_are_alone(lambda lane, keys: lane[0].pair(*keys, lane[1], 5, 8), lanes, keys)


@pytest.mark.parametrize("name", registry.names("features"))
def test_a_worlds_lane_is_the_world_alone(name):
    cls = registry.load("features", name)

    def drawn(world, keys):
        x = world.sample(keys[0], 6, 8)
        return x, world.resample_amplitudes(keys[1], x)

    keys = jax.random.split(jax.random.key(6))
    assert_lanes_are_alone(drawn, [cls(), cls(**apart(cls))], keys)


@pytest.mark.parametrize("name", registry.names("encoders"))
def test_an_encoders_lane_is_the_encoder_alone(name):
    module = registry.load("encoders", name)().module(10, 3)
    x = jax.random.uniform(jax.random.key(1), (10, 4))
    # A lane has weights of its own.
    lanes = [module.init(jax.random.key(seed), x[:, :1]) for seed in range(2)]
    assert_lanes_are_alone(module.apply, lanes, x)


@pytest.mark.parametrize("name", registry.names("features"))
def test_features_are_non_negative_and_keep_their_support_when_resampled(name):
    world = registry.load("features", name)()
    x = world.sample(jax.random.key(0), 6, 128)
    fresh = world.resample_amplitudes(jax.random.key(1), x)
    assert x.shape == (6, 128)
    assert (x >= 0).all()
    np.testing.assert_array_equal(fresh > 0, x > 0)


@pytest.mark.parametrize("name", registry.names("encoders"))
def test_encoders_map_each_sample_by_itself(name):
    made = setup(encoder=name, n_features=10, d_hidden=3)
    model = train.init(made, jax.random.key(0)).model
    x = jax.random.uniform(jax.random.key(1), (10, 4))
    assert model.encode(x).shape == (3, 4)
    np.testing.assert_allclose(model.encode(x)[:, 1:2], model.encode(x[:, 1:2]), rtol=1e-5)
