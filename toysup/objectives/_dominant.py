"""The class of a sample: its dominant feature, for the objectives that are told classes."""

import jax.numpy as jnp


def dominant_feature(x):
    """argmax_i |x_i| of each sample, (batch,), and whether it has one: an empty sample has none.

    Of equals it is the first, so amplitudes that are all 1 favour the first features.
    """
    return jnp.argmax(jnp.abs(x), axis=0), jnp.any(x != 0, axis=0)


def mean_where(values, known):
    """The mean of `values` where `known`, and 0 where nothing is."""
    return jnp.sum(jnp.where(known, values, 0.0)) / jnp.maximum(jnp.sum(known), 1)
