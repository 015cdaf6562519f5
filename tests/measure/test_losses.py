import jax
import numpy as np
import pytest

from toysup import grid, spec, train
from toysup.batch.job import Job
from toysup.measure.losses import check_batches, first_batches, measure_losses

pytestmark = pytest.mark.slow
SWEEP = {
    "seeds": 2,
    "measure": "directions",
    "model": {"n_features": 5, "d_hidden": 2},
    "train": {"steps": 5, "batch_size": 16},
    "features": {"independent": {"feature_probability": 0.3}},
    "objective": {"mse": {}},
}


@pytest.fixture(scope="module")
def job():
    plan = grid.plan(spec.parse(SWEEP))
    return Job(plan, plan.chunks[0])


@pytest.fixture(scope="module")
def models(job):
    """A model as it starts, and two that are smaller."""
    first = job.init().model
    return [jax.tree.map(lambda leaf, c=c: c * leaf, first) for c in (1.0, 0.9, 0.5)]


@pytest.fixture(scope="module")
def losses(job, models):
    """The loss of each model of the first instance on each batch, (models, batches)."""
    setup, batches = job.conditions[0], check_batches(job.conditions[0])

    def alone(model):
        one = jax.tree.map(lambda leaf: leaf[0, 0], model)
        key = job.check_keys[0]
        return train.losses_on_fresh_batches(setup, one, key, batches)

    return np.array([alone(model) for model in models], dtype=float)


def measured(job, models, of_first):
    every = check_batches(job.conditions[0])
    found = measure_losses(job.machine, every, job.setups, job.check_keys, models, of_first)
    return {name: np.asarray(values)[0, 0] for name, values in found.items()}


def test_the_losses_are_means_over_all_batches(job, models, losses):
    found = measured(job, models, losses.shape[1])
    np.testing.assert_allclose(found["loss"], losses.mean(axis=1), rtol=1e-5)
    apart = losses[2] - losses[1]
    assert found["error"] == pytest.approx(apart.std(ddof=1) / len(apart) ** 0.5, rel=1e-3)


def test_the_fall_from_the_first_model_is_measured_on_its_first_batches(job, models, losses):
    few = first_batches(job.conditions[0])
    assert few == losses.shape[1] // 8
    found = measured(job, models, few)["loss"]
    fall = (losses[0] - losses[1])[:few].mean()
    np.testing.assert_allclose(found[1:], losses[1:].mean(axis=1), rtol=1e-5)
    assert found[0] - found[1] == pytest.approx(fall, rel=1e-4)
