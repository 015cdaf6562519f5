"""Where a value is written to memory instead of being computed again by each of its readers."""

import jax
import jax.numpy as jnp
from jax import lax


def written(key, compute):
    """`compute()`, an array, computed once.

    XLA merges cheap arithmetic into whatever reads it, even where that repeats it for each lane.
    It does not look into a branch that it cannot foresee, and what a key
    holds it cannot.
    """
    words = jax.random.key_data(key) if jnp.issubdtype(key.dtype, jax.dtypes.prng_key) else key
    shape = jax.eval_shape(compute)
    always = (words[..., 0] | jnp.uint32(1)) > 0
    return lax.cond(always, compute, lambda: jnp.zeros(shape.shape, shape.dtype))
