"""What is recorded of a run is what a run that ends there has."""

import jax
import numpy as np
import pytest

from toysup import columns, grid, spec
from toysup.engine import chunk
from toysup.storage import rows as results

pytestmark = pytest.mark.slow
STEPS = 24
AT = (0, 1, 7, 12, 24)
COMPILED = "/jax/core/compile/backend_compile_duration"
SWEEP = {
    "seeds": 2,
    "measure": "directions",
    "model": {"n_features": 5, "d_hidden": 2},
    "train": {"steps": STEPS, "batch_size": 16, "learning_rate": 0.02, "schedule": "constant"},
    "features": {"independent": {"feature_probability": [1.0, 0.2]}},
    "objective": {"mse": {}},
    "record": {"steps": list(AT)},
}

UNTIED = {"mse": {"tied": False}}  # two sets of directions, and programs of its own


def made(**changes):
    given = {k: v for k, v in (SWEEP | changes).items() if v is not None}
    plan = grid.plan(spec.parse(given), seeds_per_chunk=2)
    return plan, chunk.run(plan, plan.chunks[0])


@pytest.fixture(scope="module")
def plain():
    _, trained = made(record=None)
    return trained


@pytest.fixture(scope="module")
def recorded(plain):
    """A plan, its trained models, and the names of the programs that recording compiled besides
    those of a plain run."""
    compiled = []

    def listen(event, _, fun_name=None, **others):
        if event == COMPILED:
            compiled.append(fun_name)

    jax.monitoring.register_event_duration_secs_listener(listen)
    try:
        return *made(), compiled
    finally:
        jax.monitoring.unregister_event_duration_listener(listen)


@pytest.mark.long
def test_a_recording_is_byte_for_byte_a_run_of_that_length():
    _, whole = made(objective=UNTIED)
    _, alone = made(train=SWEEP["train"] | {"steps": 7}, objective=UNTIED, record=None)
    at = AT.index(7)
    for name in ("encoder", "decoder"):
        W = whole.recorded.W[name][:, :, at]
        np.testing.assert_array_equal(W, alone.whole.codes[name].W)
    np.testing.assert_array_equal(whole.recorded.losses[:, :, at], alone.whole.loss)


def test_recording_changes_nothing_else(recorded, plain):
    assert plain.recorded.losses is None
    np.testing.assert_array_equal(recorded[1].loss_curve, plain.loss_curve)
    for ours, theirs in ((recorded[1].whole, plain.whole), (recorded[1].half, plain.half)):
        np.testing.assert_array_equal(ours.loss, theirs.loss)
        for name, code in theirs.codes.items():
            np.testing.assert_array_equal(ours.codes[name].W, code.W)


def test_the_ends_of_a_recording_are_the_losses_before_and_after(recorded):
    measured = recorded[1]
    first = measured.recorded.losses[..., 0]  # on eight times as many batches
    np.testing.assert_allclose(first, measured.initial_loss, rtol=0.05)
    np.testing.assert_array_equal(measured.recorded.losses[..., -1], measured.whole.loss)


@pytest.mark.long
def test_under_a_schedule_it_is_the_whole_run_that_is_recorded():
    # The run of half the length has its first 9 steps in common with it, and then cools down.
    _, measured = made(train=SWEEP["train"] | {"schedule": "cooldown"})
    for name, code in measured.whole.codes.items():
        recorded, short = measured.recorded.W[name], measured.half.codes[name].W
        np.testing.assert_array_equal(recorded[:, :, AT.index(STEPS)], code.W)
        halfway = recorded[:, :, AT.index(STEPS // 2)]
        assert not np.array_equal(halfway, short)
        np.testing.assert_allclose(halfway, short, atol=0.1)
    first = measured.recorded.losses[..., 0]  # on eight times as many batches
    np.testing.assert_allclose(first, measured.initial_loss, rtol=0.05)
    np.testing.assert_array_equal(measured.recorded.losses[..., -1], measured.whole.loss)


@pytest.mark.long
def test_the_length_of_segments_changes_no_recording(recorded, monkeypatch):
    monkeypatch.setattr(chunk, "FIRST_SEGMENT", 2)
    monkeypatch.setattr(chunk, "SEGMENT_SECONDS", 1e-9)
    _, again = made()
    for name, W in recorded[1].recorded.W.items():
        np.testing.assert_array_equal(again.recorded.W[name], W)
    np.testing.assert_array_equal(again.recorded.losses, recorded[1].recorded.losses)


def test_recording_compiles_no_second_program_for_the_loss(recorded):
    assert not any("measure_losses" in name for name in recorded[2])


@pytest.mark.long
def test_rows_have_the_recording_and_only_where_there_is_one():
    plan, trained = made(objective=UNTIED)
    rows = results.table(plan, plan.chunks[0], trained).to_pandas()
    names = [field.name for field in columns.RECORDED]
    assert set(names) <= set(rows.columns)
    row = rows[(rows["directions"] == "decoder") & (rows["seed"] == 1)].iloc[-1]
    assert row["recorded_steps"].tolist() == list(AT)
    W = row["recorded_W"].reshape(len(AT), 2, 5)
    np.testing.assert_array_equal(W, trained.recorded.W["decoder"][1, row["condition"]])
    np.testing.assert_array_equal(W[-1].ravel(), row["W"])
    np.testing.assert_allclose(row["recorded_loss"][-1], row["loss"], rtol=1e-6)
    plain = grid.plan(spec.parse({k: v for k, v in SWEEP.items() if k != "record"}))
    assert not set(names) & set(results.schema(plain).names)
