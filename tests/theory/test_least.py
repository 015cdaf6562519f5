"""The search finds the best of several minima, also where few starts lead to it."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import minimize

from toysup.theory.infonce_population import InfoNCEPopulation
from toysup.theory.least import Descent, descent, descents, in_turn, search_each, spread, starts


@dataclass(frozen=True)
class TwoWells:
    """A loss with a well at 1 and one at -1 for each entry, which `slope` makes differ by twice as
    much for the first."""

    def over(self, case, rough):
        return case

    def loss(self, W, over):
        return ((W**2 - 1) ** 2).sum() + over * W[0, 0]

    def starts(self, d_hidden):
        return starts(d_hidden, 2)


def test_it_finds_the_deeper_of_two_wells():
    losses, W = search_each(TwoWells(), 1, in_turn, np.array([0.1, -0.1]))
    assert W[:, 0, 0] == pytest.approx([-1, 1], abs=0.03)
    assert losses == pytest.approx([-0.1, -0.1], abs=0.01)


def ends(loss, start, how):
    with jax.enable_x64(True):
        return jax.device_get(descents(loss, jnp.asarray(start), how))


def test_one_descent_ends_in_the_well_that_it_starts_in():
    losses, _ = ends(lambda W: TwoWells().loss(W, 0.1), [[[0.8, 0.8]]], Descent(60, 1e-9))
    assert losses == pytest.approx(0.1, abs=0.01)


def bowl():
    """The second derivatives of a narrow valley."""
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((6, 6)))[0]
    return (turn * [1, 3, 10, 30, 100, 300]) @ turn.T


def quartic(W, over):
    w = W.ravel()
    return w @ over @ w / 2 + (w**4).sum() - w[0]


def test_descents_end_where_those_of_scipy_do_with_the_least_first():
    start, over = np.random.default_rng(0).standard_normal((8, 2, 3)), bowl()
    losses, W = ends(lambda W: quartic(W, over), start, Descent(60, 1e-10))
    for one, loss in zip(W, losses, strict=True):
        assert loss == pytest.approx(float(quartic(one, over)), abs=1e-12)
    theirs = [minimize(lambda w: quartic(w.reshape(2, 3), over), w.ravel()).fun for w in start]
    assert losses == pytest.approx(np.sort(theirs), abs=1e-7)


def test_a_step_that_is_too_long_is_tried_again_shorter_and_no_loss_rises():
    def flat_far_away(w):
        return jnp.sqrt(1 + w**2).sum()

    with jax.enable_x64(True):
        states = [descent(flat_far_away, jnp.array([3.0]), steps, 1e-9) for steps in range(12)]
        losses = np.array([float(state.loss) for state in states])
    assert (np.diff(losses) <= 0).all()
    assert losses[-1] == pytest.approx(1)
    assert min(state.length for state in states) < 1


def test_spread_directions_have_a_mean_of_about_zero():
    W = spread(np.random.default_rng(0).standard_normal((2, 5)))
    np.testing.assert_allclose(W.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(W, axis=0), 1, atol=0.5)


@pytest.mark.parametrize(("m", "n"), [(1, 1), (1, 2), (2, 3), (3, 6)])
def test_no_start_is_zero_where_a_loss_has_no_slope(m, n):
    assert np.abs(starts(m, n)).max(axis=(1, 2)).min() > 0


def test_half_of_the_starts_have_one_feature_much_shorter_than_the_others():
    lengths = np.sort(np.linalg.norm(starts(3, 4), axis=1), axis=1)
    much_shorter = lengths[:, 0] < 0.3 * np.median(lengths, axis=1)
    assert much_shorter.mean() == pytest.approx(0.5, abs=0.1)


@pytest.mark.slow
def test_features_that_are_always_there_are_a_simplex_though_few_random_starts_lead_there():
    W = InfoNCEPopulation((1.0,) * 3, (0.8,) * 3, False, 2, 0.5, True).least().W
    W = W / np.linalg.norm(W, axis=0).max()
    np.testing.assert_allclose(W.T @ W, np.where(np.eye(3) == 1, 1, -0.5), atol=1e-3)
