import numpy as np
import pytest

from tests.reports.pictures.trained import findings_of
from toysup.geometry import antipodal_pairs, polygon
from toysup.reports.pictures import plane
from toysup.reports.pictures._panels import panels


def turn(degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s], [s, c]])


def test_the_first_feature_points_up_or_the_longest_where_that_is_not_represented():
    W = turn(25) @ (2 * polygon(5))
    np.testing.assert_allclose(plane.upright(W)[:, 0], [0, 2], atol=1e-12)
    np.testing.assert_allclose(plane.upright(W).T @ plane.upright(W), W.T @ W, atol=1e-12)
    W[:, 0] = 0
    longest = np.linalg.norm(W, axis=0).argmax()
    np.testing.assert_allclose(plane.upright(W)[:, longest], [0, 2], atol=1e-12)


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_restart_that_is_another_turn_of_the_same_shape_falls_on_it(mirrored):
    shape = np.array([[0.0, 1.0, -0.5], [1.0, 0.2, 0.1]])
    other = turn(77) @ (np.diag([1, -1]) if mirrored else np.eye(2)) @ shape[:, [2, 0, 1]]
    found = plane.align(other, shape)
    apart = np.linalg.norm(found[:, :, None] - shape[:, None, :], axis=0)
    assert apart.min(axis=0).max() < 2 * np.pi / plane.TURNS


def test_a_condition_counts_the_restarts_that_have_the_shape_of_its_best():
    pairs = np.column_stack([antipodal_pairs(2), [0, 0]])
    group = [polygon(5), turn(50) @ polygon(5), pairs]
    found = findings_of(
        "feature_probability",
        ["feature_probability"],
        (group, {"feature_probability": 0.1, "loss": [0.100, 0.101, 0.13]}),
    )
    [panel] = panels(found.rows, found.settings, found.axis)
    best, every, r, alike = plane.aligned_restarts(panel)
    np.testing.assert_allclose(best[:, 0], [0, 1], atol=1e-12)
    assert every.shape == (3, 2, 5)
    assert (r, alike) == (5, 2)


def test_where_features_are_related_the_same_shape_is_not_enough():
    opposed = np.array([[1.0, -1, 0, 0], [0, 0, 1, -1]])
    orthogonal = opposed[:, [0, 2, 1, 3]]
    found = findings_of(
        "feature_probability",
        ["feature_probability"],
        ([orthogonal, opposed, opposed], {"feature_probability": 0.1, "group_size": 2.0}),
    )
    [panel] = panels(found.rows, found.settings, found.axis)
    *_, alike = plane.aligned_restarts(panel)
    assert alike == 2


def test_features_that_collapsed_share_a_label_and_what_is_not_there_has_none():
    W = np.array([[1.0, 0.0, 0.95, 0.01], [0.0, 1.0, 0.02, 0.0]])
    assert plane.group_ends(W) == [[0, 2], [1]]


def test_there_is_a_panel_for_each_condition_with_its_numbered_arrows():
    found = findings_of(
        "feature_probability",
        ["feature_probability"],
        ([np.eye(2, 5)], {"feature_probability": 1.0}),
        ([polygon(5)], {"feature_probability": 0.1}),
    )
    dense, sparse = plane.Plane().draw(found).axes
    numbers = [[t.get_text() for t in axis.texts if t.get_text()] for axis in (dense, sparse)]
    assert numbers == [["0", "1"], ["0", "1", "2", "3", "4"]]
    assert dense.get_title() == "p = 1"
    assert sparse.get_xlabel() == "5 represented\n1 of 1 alike"
