"""The closed forms of phases against numerical minimisation of the exact loss."""

import numpy as np
import pytest
from scipy.optimize import minimize

from toysup.errors import ToysupError
from toysup.metrics.last import last_interference, last_norm
from toysup.theory import (
    PHASES,
    Phase,
    at_boundary,
    mse_expected_loss,
    mse_phase_losses,
    mse_phases,
    phase_of_last,
)

IGNORED, SUPERPOSED, DEDICATED = Phase


def minimised(n, m, density, r, starts):
    """The least exact loss of any W and b that descent finds, and the W."""
    importance = np.ones(n)
    importance[-1] = r

    def loss(v):
        W, b = np.split(v, [n * m], axis=-1)
        return mse_expected_loss(W.reshape(*v.shape[:-1], m, n), b, [density], importance)

    def both(v):
        """The loss and its slope, by central differences, all in one call."""
        step = 1e-5 * np.eye(len(v))
        values = loss(np.concatenate([v[None], v + step, v - step]))
        return values[0], (values[1 : 1 + len(v)] - values[1 + len(v) :]) / 2e-5

    rng = np.random.default_rng(0)
    first = np.concatenate([rng.normal(0, 0.7, (starts, n * m)), np.zeros((starts, n))], axis=1)
    options = {"ftol": 1e-7, "gtol": 1e-7, "maxiter": 80}
    found = min(
        (minimize(both, v, jac=True, method="L-BFGS-B", options=options) for v in first),
        key=lambda found: found.fun,
    )
    return found.fun, found.x[: n * m].reshape(m, n)


@pytest.mark.slow
@pytest.mark.some(2)
@pytest.mark.parametrize(
    ("n", "m", "density", "r", "phase"),
    [
        (2, 1, 0.8, 0.3, IGNORED),
        (2, 1, 0.8, 3.0, DEDICATED),
        (2, 1, 0.2, 2.0, SUPERPOSED),
        (2, 1, 0.02, 0.1, SUPERPOSED),
        (3, 2, 0.3, 0.1, IGNORED),
        (3, 2, 0.1, 0.5, SUPERPOSED),
        (3, 2, 0.1, 2.0, DEDICATED),
        (4, 2, 0.8, 3.0, DEDICATED),
        (4, 2, 0.2, 2.0, SUPERPOSED),
    ],
)
def test_the_closed_form_has_the_phase_and_nearly_the_loss_of_a_numerical_minimum(
    n, m, density, r, phase
):
    loss, W = minimised(n, m, density, r, starts=6 if n < 4 else 4)
    assert PHASES[mse_phases(density, r, n, m)] == phase
    assert PHASES[phase_of_last(last_norm(W), last_interference(W))] == phase
    # Lengths and biases give way a little; the quadrature adds up to 1.3%.
    assert 0.88 < loss / min(mse_phase_losses(density, r, n, m).values()) < 1.015


def test_two_features_meet_in_a_triple_point():
    s = 4 / 7  # where s/3 - s^2/4 = s^2/3
    losses = mse_phase_losses(s, 1.0).values()
    np.testing.assert_allclose(list(losses), s**2 / 3)


@pytest.mark.parametrize(("n", "m", "count"), [(2, 1, 3), (3, 2, 4), (9, 8, 4), (4, 2, 6)])
def test_the_ways_of_a_shape_are_those_that_its_dimensions_allow(n, m, count):
    assert len(mse_phase_losses(0.1, 1.0, n, m)) == count


@pytest.mark.parametrize(
    ("n", "m", "words"),
    [
        (5, 2, "What works: 3 to 4 features in 2 dimensions, or 5 features in 3 to 4 dimensions."),
        (2, 2, "What works: 3 to 4 features."),
        (1, 0, "at least 1 dimension"),
    ],
)
def test_a_shape_without_closed_form_is_refused_with_one_that_has_it(n, m, words):
    with pytest.raises(ToysupError, match=words):
        mse_phase_losses(0.1, 1.0, n, m)


@pytest.mark.parametrize(
    ("W", "phase"),
    [
        ([[1, 0, 0], [0, 1, 0]], IGNORED),
        ([[1, 0, 0], [0, 1, -1]], SUPERPOSED),
        ([[1, -1, 0], [0, 0, 1]], DEDICATED),
        ([[1, 0, 0.3], [0, 1, 0.3]], IGNORED),
    ],
)
def test_a_matrix_is_in_the_phase_of_its_last_column(W, phase):
    assert PHASES[phase_of_last(last_norm(W), last_interference(W))] == phase


def test_what_is_not_finite_has_no_phase():
    W = [[1.0, np.nan]]
    assert phase_of_last(last_norm(W), last_interference(W)) == -1


def test_a_cell_is_at_the_boundary_where_a_naive_look_at_its_neighbours_says_so():
    phases = np.random.default_rng(0).integers(0, 2, (7, 9)).cumprod(axis=1)
    for (i, j), found in np.ndenumerate(at_boundary(phases)):
        around = phases[max(i - 1, 0) : i + 2, max(j - 1, 0) : j + 2]
        assert found == (around != phases[i, j]).any()
