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

    def of_pair(x, y, next_x, next_y):
        across = distance(x, next_y) + distance(next_x, y)
        return across - distance(x, next_x) - distance(y, next_y)

    return over_pairs(of_pair, x, y)


def over_pairs(of_pair, *samples):
    """The mean over pairs of `of_pair(*samples, *partners)`, where each sample meets up to `SHIFTS`
    others of its batch; `of_pair` sums over the batch."""
    batch = samples[0].shape[1]
    shifts = min(SHIFTS, batch - 1)

    def add(k, total):
        return total + of_pair(*samples, *(jnp.roll(x, -k, axis=1) for x in samples))

    return lax.fori_loop(1, shifts + 1, add, 0.0) / (shifts * batch)


def energy_of_the_best_constant(x):
    """The energy distance of x from the better of two constants: its mean, which is best where x is
    symmetric about it, and 0, which is best where most features are absent."""
    among = over_pairs(distance, x)
    from_mean, from_zero = (
        distance(x, constant) / x.shape[1] for constant in (jnp.mean(x, axis=1, keepdims=True), 0.0)
    )
    return 2 * jnp.minimum(from_mean, from_zero) - among
