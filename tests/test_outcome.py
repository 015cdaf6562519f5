import numpy as np
import pytest

from toysup import outcome


def geometry(T, P):
    return {
        "squared_interference": np.array(T, float),
        "positive_interference": np.array(P, float),
    }


@pytest.mark.parametrize(
    ("now", "halfway", "change"),
    [
        ((0.2, 0.5), (0.2, 0.5), 0.0),
        ((0.2, 0.5), (0.25, 0.5), 0.05),
        ((0.2, 0.5), (0.25, 0.3), 0.2),
        ((5.0, 4.0), (6.0, 4.0), 0.2),
        ((np.nan, np.nan), (np.nan, np.nan), 0.0),
        ((np.nan, 0.0), (0.3, 0.0), np.nan),
    ],
)
def test_geometry_change_is_the_larger_move_relative_above_one(now, halfway, change):
    np.testing.assert_allclose(
        outcome.geometry_change(geometry(*now), geometry(*halfway)), change, atol=1e-12
    )


@pytest.mark.parametrize(
    ("losses", "change"),
    [
        ((1.0, 0.5, 0.5), 0.0),
        ((1.0, 0.6, 0.5), 0.2),
        ((1.0, 0.4, 0.5), -0.2),
        ((5.0, 5.0, 5.0), 0.0),
        ((5.0, 5.001, 5.0), 0.02),
    ],
)
def test_loss_change_is_the_late_share_of_the_whole_fall(losses, change):
    np.testing.assert_allclose(outcome.loss_change(np.array(losses)), change, atol=1e-12)


def test_a_run_is_diverged_before_it_is_moving_and_nan_is_moving():
    moving = outcome.still_moving(np.array([0, 0.2, np.nan, 0]), np.array([0, 0, 0, 0.2]))
    np.testing.assert_array_equal(moving, [False, True, True, True])
    finite = np.array([True, True, False, True])
    named = ["converged", "not converged", "diverged", "not converged"]
    assert outcome.outcome(finite, moving).tolist() == named
