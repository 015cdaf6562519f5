import jax.numpy as jnp
import numpy as np
import pytest

from toysup.kernels.sort import in_memory, in_registers, sorted_columns


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2, 3, 17, 1000, 8192])
@pytest.mark.parametrize("columns", [3, 20])
def test_each_column_is_in_numpys_order(count, columns):
    x = np.random.default_rng(0).normal(size=(count, columns)).astype(np.float32)
    x[::5] = 0.0
    np.testing.assert_array_equal(sorted_columns(jnp.asarray(x)), np.sort(x, axis=0))


@pytest.mark.slow
def test_a_processor_and_a_card_find_the_same():
    x = jnp.asarray(np.random.default_rng(0).normal(size=(100, 5)), jnp.float32)
    np.testing.assert_array_equal(in_registers(x), in_memory(x))


@pytest.mark.slow
def test_a_column_with_a_nan_keeps_its_values():
    x = jnp.asarray([[2.0], [jnp.nan], [1.0], [0.0]])
    found = np.asarray(sorted_columns(x))[:, 0]
    np.testing.assert_array_equal(np.sort(found), np.sort(x[:, 0]))
