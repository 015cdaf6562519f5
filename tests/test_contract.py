"""What holds of everything that is registered, so that a new file is right or fails here."""

import itertools
from pathlib import Path

import jax
import numpy as np
import pytest

from tests import training
from tests.training import setup
from toysup import registry, testing, train
from toysup.batch.programs import quick_jit

EVERYTHING = [
    (family, name)
    for family in registry.FAMILIES
    for name in registry.names(family)
    if family != "metrics"
]
CONFIGURED = [(family, name) for family, name in EVERYTHING if registry.FAMILIES[family].table]
VIEWS = registry.names("views")
fresh_batch = quick_jit(train.fresh_batch, optimised=False)
TEST_FOLDER = Path(__file__).parent


def small(objective, views="identity", **settings):
    views = views if registry.load("objectives", objective).pairs else None
    return setup(objective, views, steps=10, batch_size=8, **settings)


QUICK = {"mse", "infonce", "independent", "mask", "linear", *registry.names("pictures")}


@pytest.mark.slow
@pytest.mark.some(4)
@pytest.mark.parametrize(
    ("family", "name"),
    [p if p[1] in QUICK else pytest.param(*p, marks=pytest.mark.slow) for p in EVERYTHING],
)
def test_everything_registered_keeps_what_its_family_promises(family, name):
    testing.check(registry.load(family, name))


@pytest.mark.parametrize(("family", "name"), CONFIGURED)
def test_everything_registered_has_a_test_file_of_its_own(family, name):
    text = (TEST_FOLDER / family / f"test_{name}.py").read_text()
    assert "def test_" in text


@pytest.mark.parametrize("family", sorted({family for family, _ in CONFIGURED}))
def test_no_two_plugins_have_one_structure_so_that_none_is_given_anothers_program(family):
    made = [registry.load(family, name)() for name in registry.names(family)]
    for one, other in itertools.combinations(made, 2):
        assert jax.tree.structure(one) != jax.tree.structure(other), f"{one} and {other}"


def test_a_setting_name_belongs_to_one_family():
    homes = {}
    classes = [("model", train.Size), ("train", train.Training)]
    classes += [(family, registry.load(family, name)) for family, name in CONFIGURED]
    for family, cls in classes:
        for name in registry.settings(cls):
            assert homes.setdefault(name, family) == family


@pytest.mark.long
@pytest.mark.parametrize("objective", ["mse", pytest.param("infonce", marks=pytest.mark.long)])
def test_a_lane_trains_like_its_instance_alone(objective):
    lanes = [small(objective, "mask", learning_rate=rate) for rate in (0.01, 0.02)]
    run = lambda made: training.run(made, jax.random.key(2), 10).model.W  # noqa: E731
    testing.assert_alone(run, lanes, rtol=1e-3, atol=1e-5)


@pytest.mark.slow
@pytest.mark.some(2)
@pytest.mark.parametrize("views", [v for v in VIEWS if v not in ("mask", "noise")])
def test_every_view_starts_from_the_samples_that_an_objective_without_views_sees(views):
    key = jax.random.key(4)
    anchors, _ = fresh_batch(small("infonce", views), key)
    np.testing.assert_array_equal(anchors, fresh_batch(small("mse"), key))


@pytest.mark.long
def test_views_that_change_both_sides_start_from_the_same_samples_too():
    key = jax.random.key(4)
    x = fresh_batch(small("mse"), key)
    masked, _ = fresh_batch(small("infonce", "mask"), key)
    np.testing.assert_array_equal(masked[masked > 0], x[masked > 0])
    noisy, _ = fresh_batch(small("infonce", "noise", noise_scale=1e-6), key)
    np.testing.assert_allclose(noisy, x, atol=1e-4)
