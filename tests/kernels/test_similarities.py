import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import logsumexp

from toysup.kernels.similarities import LARGEST_SIMILARITY, exp2, log_sum_exps

KEY = jax.random.key(0)


def pair(d_hidden, rows, columns, scale):
    rng = np.random.default_rng(0)
    a, b = (rng.normal(size=(d_hidden, k)) for k in (rows, columns))
    unit = [z / np.linalg.norm(z, axis=0) for z in (a, b)]
    return jnp.asarray(scale * unit[0], jnp.float32), jnp.asarray(unit[1], jnp.float32)


def test_exp2_is_a_power_of_two_to_within_3e_7_of_itself():
    x = np.float32(np.concatenate([np.linspace(-125, 125, 200_001), np.arange(-125, 126)]))
    exact = 2.0 ** x.astype(np.float64)
    np.testing.assert_allclose(np.asarray(exp2(jnp.asarray(x)), np.float64), exact, rtol=3e-7)
    assert np.isnan(exp2(jnp.full(9, jnp.nan))).all()


@pytest.mark.parametrize("d_hidden", [1, 2, 5, 8, 9, 30])
@pytest.mark.parametrize("scale", [0.1, 10, LARGEST_SIMILARITY])
@pytest.mark.parametrize(("rows", "columns"), [(64, 64), (7, 20)])
def test_values_are_the_textbook_log_sum_exps(d_hidden, scale, rows, columns):
    a, b = pair(d_hidden, rows, columns, scale)
    similarity = np.asarray(a, np.float64).T @ np.asarray(b, np.float64)
    by_row, by_column = log_sum_exps(KEY, a, b)
    np.testing.assert_allclose(by_row, logsumexp(similarity, axis=1), rtol=2e-6, atol=2e-5)
    np.testing.assert_allclose(by_column, logsumexp(similarity, axis=0), rtol=2e-6, atol=2e-5)


@pytest.mark.parametrize("d_hidden", [2, 5, 12])
@pytest.mark.parametrize("scale", [0.5, 10, LARGEST_SIMILARITY])
def test_the_gradient_is_that_of_autodiff(d_hidden, scale):
    a, b = pair(d_hidden, 32, 24, scale)
    weights = np.random.default_rng(1).normal(size=56).astype(np.float32)

    def total(sums):
        return sums[0] @ weights[:32] + sums[1] @ weights[32:]

    def plain(a, b):
        similarity = a.T @ b
        both = [jax.nn.logsumexp(similarity, axis=axis) for axis in (1, 0)]
        return total(both)

    found = jax.jit(jax.grad(lambda a, b: total(log_sum_exps(KEY, a, b)), (0, 1)))(a, b)
    expected = jax.grad(plain, (0, 1))(a, b)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5 * np.abs(other).max())


def test_the_largest_similarities_of_either_sign_neither_overflow_nor_vanish():
    signs = np.where(np.random.default_rng(2).uniform(size=(64, 64)) < 0.5, -1.0, 1.0)
    signs[0], signs[:, 1] = -1, 1
    a = jnp.asarray(LARGEST_SIMILARITY * signs.T, jnp.float32)
    by_row, by_column = log_sum_exps(KEY, a, jnp.eye(64))
    similarity = LARGEST_SIMILARITY * signs
    np.testing.assert_allclose(by_row, logsumexp(similarity, axis=1), rtol=1e-6)
    np.testing.assert_allclose(by_column, logsumexp(similarity, axis=0), rtol=1e-6)
