import jax
import jax.numpy as jnp
import numpy as np
import pytest

from toysup.batch.programs import quick_jit
from toysup.kernels.potential import potential_sum


def textbook(z, sharpness):
    squares = jnp.sum((z[:, :, None] - z[:, None, :]) ** 2, axis=0)
    other = ~jnp.eye(z.shape[1], dtype=bool)
    return jnp.sum(jnp.where(other, jnp.exp(-sharpness * squares), 0))


both = jax.jit(jax.value_and_grad(potential_sum, (0, 1)))
textbook_both = quick_jit(jax.value_and_grad(textbook, (0, 1)), optimised=False)


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("d_hidden", [2, 5, 8, 9])
@pytest.mark.parametrize(("sharpness", "batch"), [(0.5, 24), (2.0, 16), (5.0, 37), (1.0, 2)])
def test_value_and_gradient_are_the_textbooks(d_hidden, sharpness, batch):
    z = np.random.default_rng(0).normal(size=(d_hidden, batch)).astype(np.float32)
    z /= np.linalg.norm(z, axis=0)
    z[:, batch // 2] = 0
    value, gradient = both(z, sharpness)
    expected, slopes = textbook_both(z, sharpness)
    np.testing.assert_allclose(value, expected, rtol=1e-5)
    for one, other in zip(gradient, slopes, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5 * np.abs(other).max())


@pytest.mark.slow
def test_two_points_at_opposite_poles_keep_their_least_potential():
    z = jnp.array([[1.0, -1.0], [0.0, 0.0]])
    np.testing.assert_allclose(both(z, 20.0)[0], 2 * np.exp(-80), rtol=1e-4)
