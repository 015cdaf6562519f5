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
# Every objective with one view, and every view with one objective: none knows which it meets.
PAIRINGS = [(o, "mask" if registry.load("objectives", o).pairs else None) for o in OBJECTIVES]
PAIRINGS += [("infonce", view) for view in VIEWS if view != "mask"]
TEST_FOLDER = Path(__file__).parent


def small(objective, views="identity", **settings):
    views = views if registry.load("objectives", objective).pairs else None
    return setup(objective, views, steps=10, batch_size=8, **settings)


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
@pytest.mark.parametrize("batch", ["ordinary", "all-zero"])
def test_loss_and_gradient_are_finite(objective, batch):
    made = small(objective, feature_probability=0.5)
    state = train.init(made, jax.random.key(0))
    key = jax.random.key(1)
    x = made.features.sample(key, 5, 8) * (batch == "ordinary")
    x = (x, x) if made.objective.pairs else x
    loss, gradient = jax.value_and_grad(lambda model: made.objective.loss(model, key, x))(
        state.model
    )
    assert np.isfinite(loss)
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(gradient))


@pytest.mark.parametrize(("objective", "views"), PAIRINGS)
def test_a_lane_trains_like_its_instance_alone(objective, views):
    made = [small(objective, views, learning_rate=rate) for rate in (0.01, 0.02)]
    key = jax.random.key(2)

    def run(one):
        return training.run(one, key, 10).model.W

    alone = jax.jit(run)
    together = jax.jit(jax.vmap(run))(stack(made))
    for lane, one in zip(together, made, strict=True):
        W = alone(jax.tree.map(jnp.float32, one))
        np.testing.assert_allclose(lane, W, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_values_of_a_traced_setting_share_one_program(objective):
    traces = []

    @jax.jit
    def loss(made, key):
        traces.append(objective)
        x = train.fresh_batch(made, key)
        return train.batch_loss(made, train.init(made, key).model, key, x)

    for rate in (0.1, 0.2, 0.3):
        made = small(objective, learning_rate=rate, feature_probability=rate)
        loss(jax.tree.map(jnp.float32, made), jax.random.key(0))
    assert len(traces) == 1


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
