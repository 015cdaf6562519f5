"""How far apart two samples' distributions are: the energy distance. Szekely & Rizzo 2013."""

import jax.numpy as jnp
from jax import lax

SHIFTS = 64  # partners of each sample


def distance(x, y):
    """|x - y| of each pair of samples, summed over the batch."""
    return jnp.sum(jnp.sqrt(jnp.sum((x - y) ** 2, axis=0)))


def energy_distance(x, y):
    """2 E|x - y| - E|x - x'| - E|y - y'|, estimated without bias; x and y are (n_features, batch).

    0 for equal distributions and positive for any others; an estimate may fall below 0 by chance.
    Each sample is compared with up to `SHIFTS` others, the next ones in the batch, which costs less
    than all pairs and has about the same error. A batch has two samples or more.
    """
    batch = x.shape[1]
    shifts = min(SHIFTS, batch - 1)

    def add(k, total):
        next_x, next_y = jnp.roll(x, -k, axis=1), jnp.roll(y, -k, axis=1)
        across = distance(x, next_y) + distance(next_x, y)
        return total + across - distance(x, next_x) - distance(y, next_y)

    return lax.fori_loop(1, shifts + 1, add, 0.0) / (shifts * batch)


def energy_of_the_best_constant(x):
    """The energy distance of x from the better of two constants: its mean, which is best where x is
    symmetric about it, and 0, which is best where most features are absent."""
    mean = jnp.mean(x, axis=1, keepdims=True)
    return jnp.minimum(*(energy_distance(x, jnp.broadcast_to(c, x.shape)) for c in (mean, 0.0)))
