import jax.numpy as jnp
import numpy as np
import pytest

from toysup.batch.devices import Machine, map_units


@pytest.mark.slow
def test_what_is_not_needed_is_zeros_of_the_same_shape():
    def one_unit(x):
        return {"double": 2 * x, "sum": jnp.sum(x)}

    x = np.arange(1.0, 9.0, dtype=np.float32).reshape(4, 2)
    needed = np.array([True, False, True, False])
    for machine in (Machine(1), Machine(2), Machine(1, at_once=3)):
        found = map_units(machine, one_unit, x, needed=needed)
        np.testing.assert_array_equal(found["double"], np.where(needed[:, None], 2 * x, 0))
        np.testing.assert_array_equal(found["sum"], np.where(needed, x.sum(axis=1), 0))
