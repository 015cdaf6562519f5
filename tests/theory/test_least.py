"""The search finds the best of several minima, also where few starts lead to it."""

import numpy as np
import pytest

from toysup.theory.least import descend, least_of, spread, starts
from toysup.theory.population import infonce_least


def two_wells(W):
    """A loss with a well at 1 and one at -1 for each entry, the second 0.2 deeper for the first."""
    slope = np.zeros(W.shape[-2:])
    slope[0, 0] = 0.1
    loss = ((W**2 - 1) ** 2 + slope * W).sum(axis=(-1, -2))
    return loss, 4 * W * (W**2 - 1) + slope


def test_it_finds_the_deeper_of_two_wells():
    least = least_of(two_wells, two_wells, 1, 2)
    assert least.W[0, 0] == pytest.approx(-1, abs=0.03)
    assert least.loss == pytest.approx(-0.1, abs=0.01)


def test_one_descent_ends_in_the_well_that_it_starts_in():
    assert descend(two_wells, np.array([[0.8, 0.8]])).loss == pytest.approx(0.1, abs=0.01)


def test_spread_directions_have_a_mean_of_about_zero():
    W = spread(np.random.default_rng(0).standard_normal((2, 5)))
    np.testing.assert_allclose(W.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(W, axis=0), 1, atol=0.5)


def test_half_of_the_starts_have_one_feature_much_shorter_than_the_others():
    lengths = np.sort([np.linalg.norm(W, axis=0) for W in starts(3, 4, 16)], axis=1)
    much_shorter = lengths[:, 0] < 0.3 * np.median(lengths, axis=1)
    assert much_shorter.sum() == pytest.approx(8, abs=2)


@pytest.mark.slow
def test_features_that_are_always_there_are_a_simplex_though_one_start_in_twelve_leads_there():
    W = infonce_least((1.0,) * 3, (0.8,) * 3, False, 2, 0.5, True).W
    W = W / np.linalg.norm(W, axis=0).max()
    np.testing.assert_allclose(W.T @ W, np.where(np.eye(3) == 1, 1, -0.5), atol=1e-3)
