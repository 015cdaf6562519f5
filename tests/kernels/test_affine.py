import jax
import jax.numpy as jnp
import numpy as np
import pytest

from toysup.kernels.affine import affine


def plain(W, b, h):
    return W.T @ h + b[:, None]


@pytest.mark.slow
def test_value_and_gradient_are_those_of_the_plain_expression():
    rng = np.random.default_rng(0)
    W, b, h, weights = (
        jnp.asarray(rng.normal(size=shape), jnp.float32)
        for shape in ((3, 7), (7,), (3, 50), (7, 50))
    )
    np.testing.assert_allclose(affine(W, b, h), plain(W, b, h), rtol=1e-6, atol=1e-6)

    def gradients(function):
        return jax.grad(lambda *args: jnp.sum(weights * jnp.sin(function(*args))), (0, 1, 2))

    for one, other in zip(gradients(affine)(W, b, h), gradients(plain)(W, b, h), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
