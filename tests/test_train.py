import jax
import numpy as np
import pytest

from tests.training import setup, trained, untrained
from toysup import train
from toysup.batch.job import seed_key
from toysup.train import Training


@pytest.mark.slow
def test_a_warmup_rises_along_a_line_and_then_falls_along_a_cosine_to_nothing():
    training = Training(steps=1000, learning_rate=2.0, schedule="warmup")
    found = [float(training.rate(step, 1000)) / 2 for step in (0, 25, 50, 525, 999)]
    np.testing.assert_allclose(found, [0, 0.5, 1, 0.5, 0], atol=1e-3)


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("constant", [1, 1, 1]),
        ("linear", [1, 0.5, 0.01]),
        ("cosine", [1, 0.5, 0.000247]),
        ("cooldown", [1, 1, 0.05]),
    ],
)
def test_schedules_start_at_the_learning_rate_and_end_as_they_say(schedule, rates):
    training = Training(steps=100, learning_rate=2.0, schedule=schedule)
    found = [float(training.rate(step, 100)) / 2 for step in (0, 50, 99)]
    np.testing.assert_allclose(found, rates, rtol=1e-2)


@pytest.mark.long
def test_the_optimiser_is_plain_adam_unless_decay_is_asked_for():
    made = setup(steps=1, batch_size=16, learning_rate=0.1, schedule="constant")
    key = jax.random.key(0)
    state = train.init(made, key)
    after = train.step(made, key, state, 0, 1)
    first_move = np.abs(after.model.W - state.model.W)
    np.testing.assert_allclose(first_move, 0.1, rtol=1e-3)
    decayed = made.replace(training=made.training.replace(weight_decay=0.5))
    pulled = train.step(decayed, key, train.init(decayed, key), 0, 1)
    np.testing.assert_allclose(pulled.model.W, after.model.W - 0.1 * 0.5 * state.model.W, rtol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize(
    "steps", [*(pytest.param(steps, marks=pytest.mark.long) for steps in (250, 100)), 7]
)
def test_the_loss_curve_is_the_loss_at_equally_spaced_steps(steps):
    made = setup(steps=steps, batch_size=8, schedule="constant", learning_rate=1e-30)
    state = jax.tree.map(lambda a: a[0], trained(made, seeds=1))
    key = seed_key(0, 0)
    data = jax.random.fold_in(key, train.DATA)
    model = untrained(made, key)

    def loss(i):
        step_key = jax.random.fold_in(data, i)
        return train.batch_loss(made, model, step_key, train.fresh_batch(made, step_key))

    points = train.curve_points(steps)
    assert points == min(100, steps)
    at = np.ceil(np.arange(points) * steps / points).astype(int)
    kept = state.loss_curve[:points]
    np.testing.assert_allclose(kept, jax.jit(jax.vmap(loss))(at), rtol=1e-4)


@pytest.mark.slow
def test_one_program_trains_for_any_number_of_steps():
    step = jax.jit(train.step)
    shapes = set()
    for steps in (7, 1000):
        made = setup(steps=steps, batch_size=8)
        lowered = step.lower(made, seed_key(0, 0), train.init(made, seed_key(0, 0)), 0, steps)
        shapes.add(lowered.as_text())
    assert len(shapes) == 1


@pytest.mark.slow
@pytest.mark.parametrize("schedule", ["constant", "linear", "cosine", "cooldown", "warmup"])
def test_runs_of_every_length_share_their_first_steps_as_far_as_the_schedule_says(schedule):
    training = Training(steps=100, schedule=schedule)
    shared = training.shared_steps(50)
    assert shared == {"constant": 50, "cooldown": 40}.get(schedule, 0)
    steps = np.arange(shared)
    np.testing.assert_array_equal(training.rate(steps, 50), training.rate(steps, 100))
    if shared < 50:
        assert training.rate(shared + 1, 50) != training.rate(shared + 1, 100)
