from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from toysup.metrics.selectivity import features_per_neuron
from toysup.reports.pictures.neurons import Neurons, heading, order, rectangles, stacks

SETTINGS = ("feature_probability", "importance_decay")


def row(W, condition=0, seed=0, **settings):
    W = np.asarray(W, dtype=float)
    answers = settings.get("responses")
    answers = W if answers is None else np.asarray(answers, dtype=float)
    known = {
        "condition": condition, "directions": "encoder", "seed": seed, "loss": 1.0 + seed,
        "outcome": "converged", "objective": "mse", "features": "independent", "views": None,
        "encoder": "linear", "feature_probability": 0.1, "importance_decay": 1.0,
        "d_hidden": W.shape[0], "n_features": W.shape[1], "weights": None, "responses": None,
        "features_per_neuron": float(features_per_neuron(answers)),
    }  # fmt: skip
    known |= settings | {"W": W.ravel()}
    flat = {n: None if known[n] is None else np.ravel(known[n]) for n in ("weights", "responses")}
    return known | flat


def test_a_panel_is_the_lowest_loss_restart_with_the_mean_of_all_beside_it():
    rows = pd.DataFrame([row(np.eye(2)), row(np.ones((2, 2)), seed=1)])
    [panel] = stacks(rows, SETTINGS)
    np.testing.assert_array_equal(panel.weights, np.eye(2))
    assert (panel.count, panel.mean) == (1.0, 1.5)
    assert panel.monosemantic.all()


def test_what_silences_a_unit_is_drawn_and_does_not_count():
    weights = np.array([[1.0, -2.0], [0.5, 0.5]])
    relu = {"weights": weights, "responses": np.maximum(weights, 0), "encoder": "relu"}
    [panel] = stacks(pd.DataFrame([row(np.zeros((2, 2)), **relu)]), SETTINGS)
    np.testing.assert_array_equal(panel.weights, weights)
    assert panel.monosemantic.tolist() == [True, False]
    drawn = rectangles(panel.weights, panel.answers)
    assert [(r.unit, r.feature, r.start, r.end, r.fires) for r in drawn] == [
        (0, 0, 0.0, 1.0, True), (0, 1, 0.0, -2.0, False), (1, 0, 0.0, 0.5, True),
        (1, 1, 0.5, 1.0, True),
    ]  # fmt: skip


def test_units_are_in_the_order_of_their_largest_feature_and_the_silent_ones_last():
    answers = np.array([[0, 0, 0], [0, 0.1, 2], [0, -3, 1], [0, 1, 0.5]])
    assert order(answers).tolist() == [3, 2, 1, 0]


def test_a_unit_shares_its_scale_between_encoder_and_decoder_and_has_one_place_in_both():
    W, V = np.array([[0.0, -4.0], [0.5, 0.25]]), np.array([[0.0, 0.25], [2.0, 0.0]])
    both = [row(V, directions="decoder"), row(W, directions="encoder")]
    encoder, decoder = stacks(pd.DataFrame(both), SETTINGS)
    np.testing.assert_array_equal(encoder.weights, [[1.0, 0.5], [0.0, -1.0]])
    np.testing.assert_array_equal(decoder.weights, [[1.0, 0.0], [0.0, 1.0]])
    assert (encoder.group, decoder.group) == (("encoder",), ("decoder",))


def test_panels_go_from_dense_to_sparse_and_say_what_varies():
    cases = [(0.1, "linear"), (0.5, "linear"), (0.1, "relu"), (0.5, "relu")]
    rows = pd.DataFrame(
        [
            row(np.eye(2), condition=k, feature_probability=p, encoder=encoder)
            for k, (p, encoder) in enumerate(cases)
        ]
    )
    panels = stacks(rows, SETTINGS)
    assert [panel.p for panel in panels] == [0.5, 0.5, 0.1, 0.1]
    names = [heading(panel.group, rows, SETTINGS) for panel in panels]
    assert set(names) == {"linear encoder", "relu encoder"}


@pytest.mark.slow
def test_few_and_many_units_are_drawn_with_a_panel_each():
    for units in (3, 20):
        W = np.random.default_rng(0).normal(size=(units, 5))
        rows = [row(W, condition=k, feature_probability=p) for k, p in enumerate((0.5, 0.1))]
        figure = Neurons().draw(SimpleNamespace(rows=pd.DataFrame(rows), settings=SETTINGS))
        titles = [axis.get_title(loc) for axis in figure.axes for loc in ("left", "center")]
        assert [title for title in titles if title] == ["p = 0.5", "p = 0.1"]
