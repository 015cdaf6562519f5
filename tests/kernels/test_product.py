import jax
import jax.numpy as jnp
import numpy as np
import pytest

from toysup.kernels.product import FEW_DIMENSIONS, product


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("d_hidden", [1, 5, FEW_DIMENSIONS, FEW_DIMENSIONS + 1])
@pytest.mark.parametrize(("n_features", "batch"), [(20, 96), (7, 50), (1, 1)])
def test_value_and_gradient_are_those_of_the_plain_product(d_hidden, n_features, batch):
    rng = np.random.default_rng(0)
    shapes = (d_hidden, n_features), (n_features, batch), (d_hidden, batch)
    W, x, weights = (jnp.asarray(rng.normal(size=shape), jnp.float32) for shape in shapes)

    def gradients(function):
        loss = lambda W, x: jnp.sum(weights * jnp.sin(function(W, x)))  # noqa: E731
        return jax.jit(jax.grad(loss, (0, 1)))(W, x)

    np.testing.assert_allclose(product(W, x), W @ x, rtol=1e-6)
    for one, other in zip(gradients(product), gradients(jnp.matmul), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5 * np.abs(other).max())


@pytest.mark.long
def test_a_penalty_on_a_gradient_can_be_trained():
    rng = np.random.default_rng(0)
    W, x = jnp.asarray(rng.normal(size=(3, 7)), jnp.float32), jnp.ones((7, 20))

    def penalised(function):
        by_W = jax.grad(lambda W: jnp.sum(jnp.sin(function(W, x))))
        return jax.grad(lambda W: jnp.sum(by_W(W) ** 2))(W)

    np.testing.assert_allclose(penalised(product), penalised(jnp.matmul), rtol=1e-4, atol=1e-3)
