import numpy as np
import pytest

from toysup.measure import outcome


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
        ((0.0, 0.0, 0.0), 0.0),
    ],
)
def test_loss_change_is_the_late_share_of_the_whole_fall(losses, change):
    np.testing.assert_allclose(outcome.loss_change(*np.array(losses)), change, atol=1e-12)


def test_loss_change_is_what_theory_knows_where_it_knows_the_losses():
    first, half, last = (np.full(2, loss) for loss in (1.0, 0.6, 0.5))
    change = outcome.loss_change(first, half, last, np.array([0.05, np.nan]))
    np.testing.assert_allclose(change, [0.1, 0.2])


@pytest.mark.parametrize(
    ("geometry_change", "loss_change", "distance", "rate", "moving"),
    [
        (0.0, 0.0, 1.0, 0.01, False),
        (0.2, 0.0, 1.0, 0.01, True),
        (0.0, 0.06, 1.0, 0.01, True),
        (0.0, -0.06, 1.0, 0.01, True),
        (0.0, 0.0, 0.05, 0.01, True),
        (0.0, 0.0, 0.0, 0.0, False),
        (np.nan, 0.0, 1.0, 0.01, True),
        (np.nan, 0.0, np.nan, 0.01, True),
    ],
)
def test_a_run_is_still_when_nothing_moves_and_it_was_trained_if_it_was_to_be(
    geometry_change, loss_change, distance, rate, moving
):
    begun = outcome.begun(distance, rate)
    assert outcome.still_moving(geometry_change, loss_change, np.array(begun)) == moving


def test_a_run_is_diverged_before_it_is_moving():
    named = outcome.outcome(np.array([True, True, False]), np.array([False, True, True]))
    assert named.tolist() == ["converged", "not converged", "diverged"]


def test_what_has_left_the_range_of_single_precision_has_diverged():
    W = np.ones((5, 6))
    W[1, 3], W[2, 0] = 1e6, np.nan
    loss = np.array([1.0, 1.0, 1.0, np.inf, 1.0])
    parameters = [np.array([np.nan, 1, 1, 1, np.inf]), np.ones((5, 3))]
    assert outcome.in_range(loss, W, parameters).tolist() == [True, False, False, False, False]
    parameters[1][0, 2] = -1e4
    assert not outcome.in_range(loss, W, parameters)[0]
