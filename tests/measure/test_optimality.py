"""`measure = "optimum"` has the gap to the least loss where theory knows it, and NaN elsewhere."""

import numpy as np
import pytest

import toysup
from toysup import grid, spec
from toysup.batch.job import Job
from toysup.measure import losses
from toysup.measure.optimality import optimality, population_of, slices

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
    gained = half - known["optimality_gap"]
    np.testing.assert_array_equal(np.sign(known["loss_change"]), np.sign(gained))
    assert known.groupby("condition")["least_loss"].nunique().eq(1).all()
    assert np.stack(known["least_W"].to_list()).shape == (len(known), 6)


@pytest.mark.slow
@pytest.mark.parametrize("objective", ["infonce", "mse"])
def test_each_model_has_the_gap_of_its_own_condition(objective):
    changed = {
        "features": {"independent": {"feature_probability": [0.5, 0.3, 0.2]}},
        "objective": {objective: {}},
        "views": {"mask": {}} if objective == "infonce" else {},
    }
    plan = grid.plan(spec.parse(SWEEP | changed))
    job = Job(plan, plan.chunks[0])
    first = job.init().model
    lost = first.W.at[0, 1].set(np.nan)  # the second condition of the first seed
    diverged = first.replace(encoder=first.encoder | {"W": lost})
    of_first, of_diverged = optimality(job, first, diverged)
    W, b = job.instances(first.W), first.extra.get("b")
    for c, setup in enumerate(job.conditions):
        population = population_of(setup)
        biases = None if b is None else np.float64(job.instances(b)[:, c])
        gaps = population.loss(np.float64(W[:, c]), biases) - population.least().loss
        np.testing.assert_allclose(of_first["optimality_gap"][:, c], gaps, rtol=1e-9)
    assert np.isnan(of_diverged["optimality_gap"]).sum() == 1
    assert np.isnan(of_diverged["optimality_gap"][0, 1])


def test_slices_have_one_length_and_all_places():
    assert slices(list(range(10)), devices=2) == [[*range(8)], [8, 9, 9, 9, 9, 9, 9, 9]]
    assert slices([3], devices=2) == [[3, 3]]
    assert slices([], devices=2) == []


@pytest.mark.slow
def test_a_loss_that_theory_knows_is_measured_on_fewer_batches():
    plan = grid.plan(spec.parse(SWEEP | {"objective": {"infonce": {}}}))
    masked, noisy = (Job(plan, chunk) for chunk in plan.chunks)
    every = losses.check_batches(masked.conditions[0])
    assert losses.batches_of(noisy) == every
    assert losses.batches_of(masked) == every // 16


@pytest.mark.long
def test_a_sweep_that_does_not_ask_for_it_has_no_gap(tmp_path):
    changed = SWEEP | {"measure": "directions", "views": {"mask": {}}}
    rows = toysup.sweep(changed, out=tmp_path / "run")
    assert rows[["least_loss", "optimality_gap", "least_W"]].isna().all(axis=None)
