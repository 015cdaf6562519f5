import jax
import jax.numpy as jnp
import numpy as np
import pytest

from toysup.kernels.solve import solved
from toysup.measure.normality import normality
from toysup.measure.readout import linear_unexplained, readout_unexplained
from toysup.objectives._towers import directions


@pytest.mark.slow
def test_it_solves_as_numpy_does():
    rng = np.random.default_rng(0)
    half, B = rng.normal(size=(70, 6, 9)), rng.normal(size=(70, 6, 3))
    A = half @ half.transpose(0, 2, 1)
    np.testing.assert_allclose(solved(jnp.array(A), jnp.array(B)), np.linalg.solve(A, B), rtol=2e-3)


@pytest.mark.slow
def test_scales_that_lie_far_apart_do_no_harm():
    rng = np.random.default_rng(1)
    half, scale = rng.normal(size=(6, 9)), np.logspace(-4, 2, 6)
    A = half @ half.T * np.outer(scale, scale)
    x = rng.normal(size=(6, 1)) / scale[:, None]
    np.testing.assert_allclose(solved(jnp.array(A), jnp.array(A @ x)), x, rtol=1e-2)


@pytest.mark.slow
def test_nothing_that_is_measured_calls_lapack_which_could_hang():
    h, x = jnp.ones((3, 50)), jnp.ones((70, 50))

    def calls(function, *arguments):
        return jax.jit(function).lower(*arguments).as_text().count("lapack_")

    assert calls(readout_unexplained, h, x, h, x) == 0
    assert calls(linear_unexplained, h, x, h, x) == 0
    assert calls(normality, h, x) == 0
    assert calls(lambda x: directions(lambda x: x[:3], x), x) == 0
    assert calls(jnp.linalg.solve, jnp.eye(3), h) > 0
