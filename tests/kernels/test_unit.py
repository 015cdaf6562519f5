import jax
import jax.numpy as jnp
import numpy as np
import pytest

from toysup.kernels.unit import exact_unit_columns, unit_columns

Z = jnp.zeros((2, 3)).at[0, 0].set(3.0)


@pytest.mark.slow
def test_a_zero_column_stays_zero_with_a_finite_gradient():
    for unit in map(jax.jit, (unit_columns, exact_unit_columns)):
        np.testing.assert_allclose(unit(Z)[:, 0], [1, 0], rtol=1e-6)
        np.testing.assert_array_equal(unit(Z)[:, 1:], 0)
        assert np.isfinite(jax.jit(jax.grad(lambda z, unit=unit: unit(z).sum()))(Z)).all()


@pytest.mark.slow
def test_only_the_exact_one_scales_a_very_short_column_to_length_one():
    short = 1e-6 * Z
    np.testing.assert_allclose(exact_unit_columns(short)[0, 0], 1, rtol=1e-5)
    assert unit_columns(short)[0, 0] < 0.99
