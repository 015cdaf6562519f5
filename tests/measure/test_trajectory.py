"""Paths of known kind: those that jump, that drift, that settle."""

import numpy as np
import pytest

from toysup import theory
from toysup.geometry import antipodal_pairs, polygon
from toysup.measure import trajectory
from toysup.measure.trajectory import drop_alignment, jumps, level_jumps, polygon_gap
from toysup.metrics import levels


def test_a_path_that_rests_at_two_levels_and_is_quick_between_jumps():
    assert jumps(np.r_[[0.4] * 10, 0.43, 0.47, [0.5] * 10]) == 1
    assert jumps(np.r_[[0.4] * 10, [0.5] * 10, 0.3, 0.1, [0.0] * 10]) == 2


@pytest.mark.parametrize(("start", "end"), [(0.1, 0.5), (0.4, 0.0), (1.0, 0.0), (0.0, 0.75)])
def test_drifting_and_settling_are_no_jumps(start, end):
    t = np.linspace(0, 1, 120)
    assert jumps(start + (end - start) * t) == 0
    for rate in (1, 5, 30, 200):
        assert jumps(end + (start - end) * np.exp(-rate * t)) == 0


def test_a_slow_way_between_rests_and_levels_that_are_hardly_apart_are_no_jumps():
    assert jumps(np.r_[[0.4] * 5, np.linspace(0.4, 0.5, 20), [0.5] * 5]) == 0
    assert jumps(np.r_[[3 / 8] * 10, [2 / 5] * 10]) == 0
    assert jumps(np.full(20, 0.6)) == 0


def switched(before, after, at, steps=20):
    """W over `steps` records that is one matrix before record `at` and another from there on."""
    return np.stack([before if step < at else after for step in range(steps)])


def test_the_jumps_of_a_recording_are_those_of_all_its_features():
    pairs, pentagon = antipodal_pairs(2), polygon(5)
    one_less = np.hstack([pairs, np.zeros((2, 1))])
    W = np.stack([switched(pentagon, one_less, 10), switched(pentagon, pentagon, 10)])
    assert level_jumps(W).tolist() == [5, 0]
    assert np.isnan(level_jumps(W * np.nan)).all()


def test_a_loss_that_falls_when_features_move_is_aligned_and_one_that_does_not_is_not():
    W = switched(polygon(5), np.hstack([antipodal_pairs(2), np.zeros((2, 1))]), 12)
    steps = np.arange(20)
    with_it = np.where(steps == 0, 2.0, np.where(steps < 12, 0.1, 0.0))
    before_it = np.where(steps == 0, 2.0, np.where(steps < 6, 0.1, 0.0))
    found = drop_alignment(np.stack([W, W]), np.stack([with_it, before_it]))
    assert found[0] == pytest.approx(1)
    assert found[1] < 0.1
    assert np.isnan(drop_alignment(W[:3], with_it[:3]))


def test_a_loss_that_rests_between_polygons_is_far_from_them():
    levels = theory.polygon_losses(6)
    at = np.r_[np.linspace(0.03, 0.02, 5), [levels["5+1"]] * 5, [levels["6"]] * 5]
    between = np.r_[at[:10], [(levels["5+1"] + levels["6"]) / 2] * 5]
    moving = np.linspace(0.03, 0.01, 15)
    found = polygon_gap(np.stack([at, between, moving]), 6)
    assert found[0] == pytest.approx(0, abs=1e-12)
    assert 0.1 < found[1] < 0.15
    assert np.isnan(found[2])


def test_the_thresholds_leave_room_between_the_levels():
    apart = np.diff(trajectory.LEVELS)
    assert (apart[apart > trajectory.SAME] > 2 * levels.NEAR).all()
