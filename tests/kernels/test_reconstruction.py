import jax
import jax.numpy as jnp
import numpy as np
import pytest

from toysup.kernels.reconstruction import FEW_DIMENSIONS, squared_error


def textbook(rectified, V, b, h, x, importance):
    """The error and its gradient by every array, in float64."""
    V, b, h, x, importance = (np.asarray(part, np.float64) for part in (V, b, h, x, importance))
    y = V.T @ h + b[:, None]
    error = (np.maximum(y, 0) if rectified else y) - x
    squares, outer = (error**2).sum(axis=1), 2 * importance[:, None] * error
    slope = np.where(y > 0, outer, 0) if rectified else outer
    slopes = h @ slope.T, slope.sum(axis=1), V @ slope, -outer, squares
    return importance @ squares, slopes


def arguments(d_hidden, n_features, batch):
    rng = np.random.default_rng(0)
    shapes = (d_hidden, n_features), (n_features,), (d_hidden, batch), (n_features, batch)
    V, b, h, x = (jnp.asarray(rng.normal(size=shape), jnp.float32) for shape in shapes)
    return V, b, h, x, jnp.asarray(rng.uniform(size=n_features), jnp.float32)


def both(function):
    """The value, and the gradient by every array."""
    return jax.jit(jax.value_and_grad(function, range(1, 6)), static_argnums=0)


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("rectified", [True, False])
@pytest.mark.parametrize("d_hidden", [1, 5, FEW_DIMENSIONS, FEW_DIMENSIONS + 1])
@pytest.mark.parametrize(("n_features", "batch"), [(20, 96), (7, 50), (1, 1)])
def test_value_and_gradient_are_the_textbooks(rectified, d_hidden, n_features, batch):
    given = (rectified, *arguments(d_hidden, n_features, batch))
    value, slopes = both(squared_error)(*given)
    expected, exact = textbook(*given)
    for found in (value, squared_error(*given)):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)
    for one, other in zip(slopes, exact, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5 * np.abs(other).max())


@pytest.mark.slow
def test_the_gradient_scales_with_what_becomes_of_the_error():
    given = arguments(5, 20, 64)
    once, tripled = (
        jax.jit(jax.grad(lambda V, by=by: by * squared_error(True, V, *given[1:])))(given[0])
        for by in (1.0, 3.0)
    )
    np.testing.assert_allclose(tripled, 3 * once, rtol=1e-6)


@pytest.mark.long
def test_an_output_of_exactly_zero_has_no_gradient_as_jax_has_it():
    V, b, h, x = jnp.zeros((2, 3)), jnp.zeros(3), jnp.ones((2, 16)), jnp.ones((3, 16))
    slopes = jax.grad(squared_error, (1, 2, 3))(True, V, b, h, x, jnp.ones(3))
    assert not any(np.asarray(slope).any() for slope in slopes)


@pytest.mark.long
def test_a_sample_that_is_not_a_number_leaves_no_number():
    V, b, h, x, importance = arguments(5, 20, 64)
    h = h.at[0, 3].set(jnp.nan)
    value, slope = jax.value_and_grad(squared_error, 1)(True, V, b, h, x, importance)
    assert np.isnan(value)
    assert np.isnan(slope).all()
