"""Directions of trained models: exact where a matrix says them, by least squares elsewhere."""

from types import SimpleNamespace

import jax
import numpy as np
import pytest

from toysup import grid, registry, spec
from toysup.engine import chunk
from toysup.kernels.threefry import GENERATOR
from toysup.measure.directions import in_blocks, least_squares
from toysup.metrics.selectivity import features_per_neuron
from toysup.storage import rows as results

SWEEP = {
    "seeds": 2,
    "model": {"n_features": 5, "d_hidden": 2},
    "train": {"steps": 20, "batch_size": 16, "learning_rate": 0.01},
    "features": {"independent": {"feature_probability": [0.5, 0.2]}},
    "objective": {"mse": {}},
}


def table(**changes):
    plan = grid.plan(spec.parse(SWEEP | changes))
    first = plan.chunks[0]
    trained = chunk.run(plan, first)
    return trained, results.table(plan, first, trained).to_pandas()


@pytest.mark.parametrize("devices", [1, 2, 3])
@pytest.mark.parametrize(("seeds", "conditions"), [(1, 1), (2, 3), (3, 5)])
def test_each_instance_is_measured_once_and_is_where_it_belongs(devices, seeds, conditions):
    """Two lanes of padding, and a program that says what it was given."""
    lanes = conditions + 2
    numbers = np.arange(seeds * lanes).reshape(seeds, lanes)
    job = SimpleNamespace(
        keys=jax.random.split(jax.random.key(0, impl=GENERATOR), seeds),
        group=lanes,
        shape=(seeds, lanes),
        real=np.s_[:, :conditions],
        n_features=5,
        machine=SimpleNamespace(devices=devices),
    )
    computed = []

    def program(machine, n_features, needed, features, keys, more):
        np.testing.assert_array_equal(more, 10 * features)
        shares = needed.reshape(devices, -1).sum(axis=1)
        assert shares.max() - shares.min() <= 1  # of the devices
        computed.extend(features[needed].tolist())
        return {"number": features, "key": jax.random.key_data(keys)}

    found = in_blocks(job, program, numbers, 10 * numbers)
    wanted = numbers[:, :conditions]
    np.testing.assert_array_equal(found["number"], wanted)
    assert sorted(computed) == sorted(wanted.ravel().tolist())
    keys = np.asarray(jax.random.key_data(job.keys))[:, None]
    np.testing.assert_array_equal(found["key"], keys.repeat(conditions, axis=1))


def test_least_squares_agrees_with_lstsq_on_centred_samples():
    rng = np.random.default_rng(0)
    x, mixing = rng.uniform(size=(5, 400)), rng.normal(size=(3, 5))
    h = np.tanh(mixing @ x) + 0.3
    centred = [y - y.mean(axis=1, keepdims=True) for y in (x, h)]
    expected = np.linalg.lstsq(centred[0].T, centred[1].T, rcond=None)[0].T
    W, linearity = least_squares(np.cov(np.concatenate([x, h]), bias=True), 5)
    np.testing.assert_allclose(W, expected, rtol=1e-6)
    left = ((centred[1] - expected @ centred[0]) ** 2).sum()
    assert linearity == pytest.approx(1 - left / (centred[1] ** 2).sum())


def test_a_feature_that_never_varies_has_no_direction_and_a_diverged_model_is_nan():
    rng = np.random.default_rng(1)
    x = rng.uniform(size=(3, 100)) * np.array([[1.0], [0.0], [1.0]])
    covariance = np.cov(np.concatenate([x, rng.normal(size=(2, 3)) @ x]), bias=True)
    W, linearity = least_squares(np.stack([covariance, covariance * np.nan]), 3)
    np.testing.assert_allclose(W[0, :, 1], 0, atol=1e-9)
    assert linearity[0] == pytest.approx(1)
    assert np.isnan(W[1]).all()
    assert np.isnan(linearity[1])


def test_a_code_that_does_not_vary_has_no_linearity():
    covariance = np.zeros((4, 4))
    covariance[:3, :3] = np.eye(3)
    assert np.isnan(least_squares(covariance, 3)[1])


@pytest.mark.slow
def test_the_directions_of_a_linear_encoder_are_its_matrix_and_exactly_linear():
    trained, rows = table()
    assert set(rows["directions"]) == {"encoder"}
    np.testing.assert_array_equal(
        np.stack(rows["W"])[0], trained.whole.codes["encoder"].W[0, 0].ravel()
    )
    assert (rows["linearity"] == 1).all()
    assert rows["responses"].isna().all()
    assert np.isfinite(rows["random_quantile_gap"]).all()


@pytest.mark.long
def test_a_world_that_scales_its_features_scales_their_directions(monkeypatch):
    plain, _ = table()
    features = registry.load("features", "independent")
    sizes = np.array([1.0, 2.0, 0.0, 1.0, 0.5])
    monkeypatch.setattr(features, "scales", lambda self, n_features: sizes)
    scaled, _ = table()
    np.testing.assert_allclose(
        scaled.whole.codes["encoder"].W, plain.whole.codes["encoder"].W * sizes
    )


@pytest.mark.long
def test_hidden_units_that_are_not_in_use_are_no_dimensions(monkeypatch):
    objective = registry.load("objectives", "mse")

    monkeypatch.setattr(objective, "switches_units_off", True)
    monkeypatch.setattr(objective, "in_use", lambda self, v: np.arange(2) < np.ones_like(v))
    trained, rows = table()
    assert (trained.whole.codes["encoder"].W[..., 1, :] == 0).all()
    assert (trained.whole.codes["encoder"].W[..., 0, :] != 0).all()
    assert (rows["n_active"] == 1).all()


@pytest.mark.long
def test_each_set_of_directions_has_a_row_of_its_own(monkeypatch):
    objective = registry.load("objectives", "mse")
    monkeypatch.setattr(
        objective, "codes", lambda self, model: {"encoder": model, "decoder": 2 * model.W}
    )
    _, rows = table()
    assert len(rows) == 2 * 2 * 2
    encoder, decoder = (rows[rows["directions"] == name] for name in ("encoder", "decoder"))
    np.testing.assert_array_equal(np.stack(decoder["W"]), 2 * np.stack(encoder["W"]))
    assert decoder["linearity"].isna().all()
    assert decoder["mean_readout_unexplained"].isna().all()
    np.testing.assert_array_equal(decoder["loss"], encoder["loss"])
    assert results.count_diverged(results.pa.Table.from_pandas(rows)) == 0


@pytest.mark.long
def test_units_behind_a_relu_answer_with_the_positive_part_of_their_weights():
    _, rows = table(encoder={"relu": {}}, measure="directions")
    weights, responses = (np.stack(rows[name]) for name in ("weights", "responses"))
    np.testing.assert_allclose(responses, np.maximum(weights, 0), atol=1e-6)
    expected = features_per_neuron(responses.reshape(-1, 2, 5))
    np.testing.assert_allclose(rows["features_per_neuron"], expected, rtol=1e-6)
    assert (rows["features_per_neuron"] != [h["features_per_neuron"] for h in rows["half"]]).all()


@pytest.mark.long
def test_they_answer_to_signed_features_with_all_of_their_weights():
    signed = {"independent": {"feature_probability": [0.5, 0.2], "amplitude": "signed"}}
    relu = {"encoder": {"relu": {}}, "measure": "directions"}
    _, rows = table(features=signed, objective={"absolute_value": {}}, **relu)
    assert np.allclose(rows["effective_density"], rows["feature_probability"], rtol=0.05)
    encoder, decoder = (rows[rows["directions"] == name] for name in ("encoder", "decoder"))
    weights, responses = (np.stack(encoder[name]) for name in ("weights", "responses"))
    np.testing.assert_allclose(responses, weights, atol=1e-6)
    np.testing.assert_allclose(np.stack(encoder["W"]), weights / 2, atol=0.05)
    assert decoder["weights"].isna().all()
    V = np.stack(decoder["W"]).reshape(-1, 2, 5)
    np.testing.assert_allclose(decoder["features_per_neuron"], features_per_neuron(V), rtol=1e-6)
    assert decoder["features_computed"].between(0, 5).all()
