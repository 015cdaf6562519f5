from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import logsumexp

from toysup.kernels.similarities import (
    LARGEST_SIMILARITY,
    in_memory,
    in_registers,
    mean_log_sum_exp,
)


def pair(d_hidden, rows, columns, scale):
    rng = np.random.default_rng(0)
    a, b = (rng.normal(size=(d_hidden, k)) for k in (rows, columns))
    unit = [z / np.linalg.norm(z, axis=0) for z in (a, b)]
    return jnp.asarray(scale * unit[0], jnp.float32), jnp.asarray(unit[1], jnp.float32)


def textbook(similarity):
    return (logsumexp(similarity, axis=1).mean() + logsumexp(similarity, axis=0).mean()) / 2


@pytest.mark.parametrize("d_hidden", [1, 5, 24, 25])
@pytest.mark.parametrize("scale", [0.1, LARGEST_SIMILARITY])
@pytest.mark.parametrize(("rows", "columns"), [(64, 64), (7, 20), (1, 2)])
def test_the_value_is_the_textbooks(d_hidden, scale, rows, columns):
    a, b = pair(d_hidden, rows, columns, scale)
    expected = textbook(np.asarray(a, np.float64).T @ np.asarray(b, np.float64))
    for found in (mean_log_sum_exp(a, b), jax.value_and_grad(mean_log_sum_exp)(a, b)[0]):
        np.testing.assert_allclose(found, expected, rtol=2e-6, atol=2e-5)


def plain(a, b):
    similarity = a.T @ b
    return sum(jnp.mean(jax.nn.logsumexp(similarity, axis=axis)) for axis in (0, 1)) / 2


@pytest.mark.parametrize("d_hidden", [1, 5, 6, 24, 25])
@pytest.mark.parametrize("scale", [0.5, LARGEST_SIMILARITY])
def test_the_gradient_is_that_of_autodiff(d_hidden, scale):
    a, b = pair(d_hidden, 16, 50, scale)
    found = jax.jit(jax.grad(lambda a, b: 3 * mean_log_sum_exp(a, b), (0, 1)))(a, b)
    expected = jax.jit(jax.grad(lambda a, b: 3 * plain(a, b), (0, 1)))(a, b)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5 * np.abs(other).max())


def test_a_processor_and_a_card_find_the_same():
    a, b = pair(7, 40, 40, 20.0)
    for gradient in (False, True):
        ways = (partial(way, gradient) for way in (in_registers, in_memory))
        found, expected = (jax.jit(way)(a, b) for way in ways)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5 * np.abs(other).max())


def test_the_largest_similarities_of_either_sign_neither_overflow_nor_vanish():
    signs = np.where(np.random.default_rng(2).uniform(size=(64, 64)) < 0.5, -1.0, 1.0)
    signs[0], signs[:, 1] = -1, 1
    similarity = LARGEST_SIMILARITY * signs[:, :20]
    for d in (20, 64):
        b = jnp.eye(d)[:, :20]
        a = jnp.zeros((d, 64)).at[:20].set(similarity.T)
        np.testing.assert_allclose(mean_log_sum_exp(a, b), textbook(similarity), rtol=1e-6)


def test_a_sample_that_is_not_a_number_leaves_no_number():
    a, b = pair(5, 32, 32, 10.0)
    value, slope = jax.value_and_grad(mean_log_sum_exp)(a.at[0, 3].set(jnp.nan), b)
    assert np.isnan(value)
    assert np.isnan(slope).all()
