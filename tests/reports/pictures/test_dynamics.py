"""The data of the picture of learning, from rows made by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from toysup import theory
from toysup.geometry import antipodal_pairs, polygon
from toysup.reports.pictures import _snapshots, dynamics

STEPS = np.arange(0, 2000, 100)


def row(seed, loss, before, after, at=10, **changes):
    W = np.stack([before if i < at else after for i in range(len(STEPS))])
    m, n = before.shape
    losses = np.where(np.arange(len(STEPS)) < at, 2 * loss, loss)
    return {
        "condition": 0, "directions": "encoder", "seed": seed, "outcome": "converged",
        "loss": loss, "d_hidden": m, "n_features": n, "effective_density": 1 / n,
        "objective": "mse", "recorded_steps": STEPS, "recorded_loss": losses,
        "recorded_W": np.float32(W).ravel(),
    } | changes  # fmt: skip


HEXAGON, PENTAGON = polygon(6), np.hstack([polygon(5), np.zeros((2, 1))])
SQUARE = np.hstack([polygon(4), np.zeros((2, 2))])
ROWS = pd.DataFrame(
    [
        row(0, 0.3, PENTAGON, PENTAGON),
        row(1, 0.1, HEXAGON, HEXAGON),
        row(2, 0.2, SQUARE, PENTAGON, at=6),
        row(3, 0.2, SQUARE, PENTAGON, at=12),
    ]
)


def test_the_columns_are_the_lowest_loss_restart_and_the_one_that_jumps_last():
    best, last = dynamics.trajectories(ROWS)
    assert best.title == "lowest loss of 4 restarts"
    np.testing.assert_allclose(best.W[-1], HEXAGON, atol=1e-6)
    np.testing.assert_allclose(best.D, 1 / 3, atol=1e-6)
    assert best.others.shape == (3, len(STEPS))
    assert last.jumped.tolist() == [1200]
    np.testing.assert_allclose(last.D[0], [0.5] * 4 + [0, 0], atol=1e-6)


def test_where_nothing_jumps_there_is_one_column():
    [only] = dynamics.trajectories(ROWS.iloc[:2])
    assert not len(only.jumped)
    assert not only.logarithmic


def test_the_losses_of_polygons_are_shown_where_a_sample_has_one_feature():
    best, *_ = dynamics.trajectories(ROWS)
    assert best.polygons["hexagon"] == theory.polygon_losses(6)["6"]
    assert best.polygons["pentagon+"] < best.polygons["pentagon\N{MINUS SIGN}"]
    dense, *_ = dynamics.trajectories(ROWS.assign(effective_density=0.3))
    assert dense.polygons == {}


def test_correlated_features_are_a_group():
    solid = row(0, 0.1, antipodal_pairs(3), antipodal_pairs(3), group_size=3)
    [only] = dynamics.trajectories(pd.DataFrame([solid]))
    assert only.groups.tolist() == [0, 0, 0, 1, 1, 1]


def test_snapshots_are_taken_after_equal_shares_of_the_way_and_at_both_ends():
    W = np.cumsum(np.ones((11, 2, 3)), axis=0)
    assert _snapshots.of(SimpleNamespace(W=W)) == [0, 2, 4, 6, 8, 10]
    assert _snapshots.of(SimpleNamespace(W=np.ones((11, 4, 3)))) == []
    assert _snapshots.of(SimpleNamespace(W=np.ones((11, 2, 3)))) == [0, 10]


@pytest.mark.slow
@pytest.mark.parametrize("rows", [ROWS, ROWS.iloc[:0]], ids=["some", "nothing recorded"])
def test_it_can_be_drawn(rows):
    figure = dynamics.Dynamics().draw(SimpleNamespace(rows=rows))
    figure.draw_without_rendering()
