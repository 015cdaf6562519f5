import jax
import jax.numpy as jnp
import numpy as np
import pytest

from toysup.kernels.memory import written
from toysup.kernels.threefry import GENERATOR


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1, 2**31 - 1, -1])
def test_what_is_written_is_what_was_computed_for_every_key(number):
    for key in (jax.random.key(number), jax.random.key(number, impl=GENERATOR)):
        values = jax.jit(lambda key: written(key, lambda: jnp.arange(4) * 2.0))(key)
        np.testing.assert_array_equal(values, [0, 2, 4, 6])


@pytest.mark.slow
def test_lanes_of_one_key_share_what_is_written():
    def lane(scale, key):
        return scale * written(key, lambda: jax.random.uniform(key, (1000,)))

    lanes, key = jax.jit(jax.vmap(lane, in_axes=(0, None))), jax.random.key(0)
    assert "conditional" in lanes.lower(jnp.ones(8), key).compile().as_text()
    np.testing.assert_array_equal(lanes(jnp.ones(8), key)[7], jax.random.uniform(key, (1000,)))
