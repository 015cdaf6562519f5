import jax
import jax.numpy as jnp
import numpy as np
import pytest

from toysup.batch.programs import quick_jit
from toysup.kernels.softplus import signed_softplus_sum


def pair(d_hidden, scale, batch=24):
    a, b = np.random.default_rng(0).normal(size=(2, d_hidden, batch)).astype(np.float32)
    return jnp.asarray(scale * a), jnp.asarray(b)


def textbook(a, b):
    signs = 1 - 2 * jnp.eye(a.shape[1])
    return jnp.sum(jax.nn.softplus(signs * (a.T @ b)))


both = jax.jit(jax.value_and_grad(signed_softplus_sum, (0, 1)))
textbook_both = quick_jit(jax.value_and_grad(textbook, (0, 1)), optimised=False)


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("d_hidden", [1, 5, 6, pytest.param(24, marks=pytest.mark.long), 25])
@pytest.mark.parametrize(("scale", "batch"), [(0.5, 24), (10, 37), (1000, 16), (1, 1)])
def test_value_and_gradient_are_the_textbooks(d_hidden, scale, batch):
    a, b = pair(d_hidden, scale, batch)
    with jax.default_matmul_precision("highest"):
        expected, slopes = textbook_both(a, b)
    value, gradient = both(a, b)
    np.testing.assert_allclose(value, expected, rtol=1e-5)
    for one, other in zip(gradient, slopes, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5 * np.abs(other).max())


@pytest.mark.slow
def test_the_gradient_scales_with_what_becomes_of_the_sum():
    a, b = pair(6, 1.0)
    tripled = jax.jit(jax.grad(lambda a, b: 3 * signed_softplus_sum(a, b)))(a, b)
    np.testing.assert_allclose(tripled, 3 * both(a, b)[1][0], rtol=1e-5)


@pytest.mark.slow
def test_pairs_that_are_nearly_certain_keep_the_slope_of_their_small_doubt():
    a, b = jnp.zeros((6, 24)).at[0].set(10.0), jnp.zeros((6, 24)).at[0, 0].set(1.0)
    (_, (slope, _)) = both(a, b)
    np.testing.assert_allclose(slope[0, 0], -1 / (1 + np.exp(10)), rtol=1e-5)
