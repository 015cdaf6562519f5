"""`measure = "optimum"` has the gap to the least loss where theory knows it, and NaN elsewhere."""

import numpy as np
import pytest

import toysup
from toysup import grid, spec
from toysup.batch.job import Job
from toysup.engine import chunk
from toysup.measure import losses
from toysup.measure.optimality import population_of

SWEEP = {
    "seeds": 2,
    "measure": "optimum",
    "model": {"n_features": 3, "d_hidden": 2},
    "train": {"steps": 60, "batch_size": 64, "learning_rate": 0.03},
    "features": {"independent": {"feature_probability": [0.5, 0.2]}},
    "views": {"mask": {}, "noise": {}},
    "objective": {"mse": {}, "infonce": {}},
}


@pytest.mark.long
def test_the_gap_is_known_under_masks_and_falls_as_training_goes_on(tmp_path):
    rows = toysup.sweep(SWEEP, out=tmp_path / "run")
    noisy = rows["views"] == "noise"
    assert rows.loc[noisy, ["least_loss", "optimality_gap"]].isna().all(axis=None)
    known = rows[~noisy]
    assert (known["optimality_gap"] > -1e-6).all()
    half = np.array([of_half["optimality_gap"] for of_half in known["half"]])
    assert (known["optimality_gap"] < half).mean() > 0.5
    assert known.groupby("condition")["least_loss"].nunique().eq(1).all()
    assert np.stack(known["least_W"].to_list()).shape == (len(known), 6)


@pytest.fixture(scope="module")
def plan():
    return grid.plan(spec.parse(SWEEP | {"objective": {"infonce": {}}}))


def test_a_loss_that_theory_knows_is_measured_on_an_eighth_of_the_batches(plan):
    masked, noisy = (Job(plan, c) for c in plan.chunks)
    every = losses.check_batches(masked.conditions[0])
    assert losses.batches_of(noisy) == every
    assert losses.batches_of(masked) == every // 8


@pytest.mark.long
def test_how_far_it_changed_is_of_the_loss_over_all_samples(plan):
    job, measured = Job(plan, plan.chunks[0]), chunk.run(plan, plan.chunks[0])
    population = population_of(job.conditions[0])
    starts = job.instances(job.init().model.W)[:, 0]
    ends = [of.codes["encoder"].W[:, 0] for of in (measured.half, measured.whole)]
    first, half, whole = (
        np.array([population.loss(np.float64(W)) for W in of_seeds]) for of_seeds in (starts, *ends)
    )
    found = measured.loss_change[:, 0]
    np.testing.assert_allclose(found, (half - whole) / np.abs(first - whole), rtol=1e-3)


@pytest.mark.long
def test_a_sweep_that_does_not_ask_for_it_has_no_gap(tmp_path):
    changed = SWEEP | {"measure": "directions", "views": {"mask": {}}}
    rows = toysup.sweep(changed, out=tmp_path / "run")
    assert rows[["least_loss", "optimality_gap", "least_W"]].isna().all(axis=None)
