"""A lane of a chunk is one training run, whatever runs beside it."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests import training
from toysup import grid, spec, train
from toysup.batch import devices, job
from toysup.engine import chunk
from toysup.kernels.sparse_product import many_features
from toysup.measure.losses import MOST_CHECK_BATCHES

pytestmark = pytest.mark.slow
SWEEP = {
    "seeds": 4,
    "model": {"n_features": 5, "d_hidden": 2},
    "train": {"steps": 40, "batch_size": 16, "learning_rate": 0.01},
    "features": {"independent": {"feature_probability": [1.0, 0.5, 0.2]}},
    "views": {"mask": {}},
    "objective": {"mse": {}, "infonce": {}},
}


def plan(**changes):
    return grid.plan(spec.parse(SWEEP | changes), seeds_per_chunk=2)


def run(plan, number, **changes):
    made = plan.chunks[number]
    return chunk.run(plan, grid.Chunk(**(vars(made) | changes)))


def W_of(trained):
    return trained.whole.codes["encoder"].W


class Trained(dict):
    """The first chunk of each objective, trained when a test first asks for it."""

    def __init__(self, plan, first):
        self.plan, self.first = plan, first

    def __missing__(self, objective):
        self[objective] = run(self.plan, self.first[objective])
        return self[objective]


@pytest.fixture(scope="module")
def whole():
    """Both objectives' first chunks: 2 seeds x 3 conditions."""
    made = plan()
    first = {
        made.conditions[c.conditions[0]].objective: i
        for i, c in reversed([*enumerate(made.chunks)])
    }
    return made, first, Trained(made, first)


@pytest.mark.parametrize("objective", ["mse", pytest.param("infonce", marks=pytest.mark.long)])
def test_an_instance_is_the_same_bits_beside_other_neighbours(whole, objective):
    made, first, trained = whole
    conditions = made.chunks[first[objective]].conditions
    other = run(made, first[objective], conditions=conditions[::-1], seeds=(1, 3))
    np.testing.assert_array_equal(W_of(other)[0], W_of(trained[objective])[1, ::-1])
    np.testing.assert_array_equal(other.loss_curve[0], trained[objective].loss_curve[1, ::-1])
    unexplained, same = (
        t.whole.codes["encoder"].samples["readout_unexplained"] for t in (other, trained[objective])
    )
    np.testing.assert_array_equal(unexplained[0], same[1, ::-1])


@pytest.mark.long
@pytest.mark.parametrize("objective", ["mse", "infonce"])
def test_an_instance_of_many_features_is_the_same_bits_beside_other_neighbours(objective):
    made = plan(model={"n_features": many_features(), "d_hidden": 20}, measure="directions")
    objectives = [made.conditions[c.conditions[0]].objective for c in made.chunks]
    number = objectives.index(objective)
    other = run(made, number, conditions=made.chunks[number].conditions[::-1], seeds=(1, 3))
    np.testing.assert_array_equal(W_of(other)[0], W_of(run(made, number))[1, ::-1])


@pytest.mark.long
def test_adding_values_to_an_axis_changes_no_old_cell(whole):
    wider = plan(features={"independent": {"feature_probability": [0.9, 1.0, 0.5, 0.4, 0.2]}})
    objectives = [wider.conditions[c.conditions[0]].objective for c in wider.chunks]
    _, first, trained = whole
    for name in first:
        found = run(wider, objectives.index(name))
        np.testing.assert_array_equal(W_of(found)[:, [1, 2, 4]], W_of(trained[name]))


@pytest.mark.parametrize("objective", ["mse", pytest.param("infonce", marks=pytest.mark.long)])
def test_a_diverging_neighbour_changes_nothing(objective):
    rates = SWEEP["train"] | {"learning_rate": [0.01, 1e38]}
    made = plan(train=rates, measure="directions")
    at = [c.objective for c in made.conditions].index(objective)
    number = next(i for i, c in enumerate(made.chunks) if at in c.conditions)
    lanes = made.chunks[number].conditions
    calm = [i for i in lanes if made.conditions[i].settings["learning_rate"] == 0.01]
    both = run(made, number)
    assert not np.isfinite(W_of(both)).all()
    alone = run(made, number, conditions=tuple(calm))
    np.testing.assert_array_equal(W_of(both)[:, [lanes.index(i) for i in calm]], W_of(alone))


@pytest.mark.long
def test_padding_a_seed_changes_nothing(whole):
    made, first, trained = whole
    alone = run(made, first["mse"], seeds=(1,))
    np.testing.assert_array_equal(W_of(alone)[0], W_of(trained["mse"])[1])


def test_the_length_of_segments_changes_nothing(whole, monkeypatch):
    made, first, trained = whole
    monkeypatch.setattr(chunk, "FIRST_SEGMENT", 3)
    monkeypatch.setattr(chunk, "SEGMENT_SECONDS", 1e-9)  # one step at a time from then on
    np.testing.assert_array_equal(W_of(run(made, first["mse"])), W_of(trained["mse"]))


def test_a_chunk_agrees_with_training_each_instance_alone(whole):
    made, first, trained = whole
    numbers = made.chunks[first["mse"]]
    alone = jax.jit(lambda one, key: training.run(one, key, 40).model.W)
    for i, seed in enumerate(numbers.seeds):
        for j, condition in enumerate(numbers.conditions):
            one = jax.tree.map(jnp.float32, job.setup_of(made.conditions[condition]))
            W = alone(one, job.seed_key(0, seed))
            np.testing.assert_allclose(W_of(trained["mse"])[i, j], W, atol=1e-4)


def test_a_seed_starts_from_the_same_W_in_every_cell(whole):
    made, _, _ = whole
    starts = [
        np.asarray(training.untrained(job.setup_of(c), job.seed_key(0, 5)).W)
        for c in made.conditions
    ]
    for W in starts[1:]:
        np.testing.assert_array_equal(W, starts[0])


def test_the_losses_of_all_seeds_are_of_the_same_samples():
    untrained = SWEEP["train"] | {"learning_rate": 0.0}
    made = plan(train=untrained, objective={"mse": {}}, views={})
    trained, numbers = run(made, 0), made.chunks[0]
    setup = job.setup_of(made.conditions[numbers.conditions[0]])
    setup = jax.tree.map(jnp.float32, setup)
    losses = jax.jit(partial(train.losses_on_fresh_batches, batches=MOST_CHECK_BATCHES))
    for i, seed in enumerate(numbers.seeds):
        model = training.untrained(setup, job.seed_key(0, seed))
        expected = float(losses(setup, model, job.seed_key(0, job.EVERY_SEED)).mean())
        assert trained.whole.loss[i, 0] == pytest.approx(expected, rel=1e-5)
        assert trained.initial_loss[i, 0] == pytest.approx(expected, rel=1e-5)


def test_progress_is_reported_after_each_segment_and_may_stop_the_run(whole):
    made, first, _ = whole
    heard = []

    def callback(progress):
        heard.append(progress.done)
        if len(heard) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        chunk.run(made, made.chunks[first["mse"]], callback)
    # 20 of the 40 steps of the long run, 20 of the short one and 8 with random directions.
    assert heard[0] == pytest.approx(20 / 68)
    assert heard[0] < heard[1] <= 1


@pytest.mark.long
def test_on_how_many_devices_and_how_many_units_at_a_time_changes_no_model(whole, monkeypatch):
    _, first, trained = whole
    made, expected = plan(measure="directions"), trained["infonce"]
    one = chunk.run(made, made.chunks[first["infonce"]], devices=1)
    np.testing.assert_array_equal(W_of(one), W_of(expected))
    monkeypatch.setattr(job, "machine", lambda stack, count: devices.Machine(1, at_once=5))
    many = run(made, first["infonce"])
    np.testing.assert_allclose(W_of(many), W_of(one), atol=1e-4)
    np.testing.assert_allclose(many.whole.loss, one.whole.loss, rtol=1e-4)
