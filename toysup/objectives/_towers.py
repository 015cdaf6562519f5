"""How two encoders of one space compare: Liang et al. 2022 for the gap between their outputs."""

import jax.numpy as jnp

from toysup.kernels.solve import solved
from toysup.kernels.unit import unit_columns
from toysup.metrics.represented import REPRESENTED

RIDGE = 1e-6  # relative to the largest variance: along less, x did not vary


def modality_gap(a, b):
    """|mean a - mean b|, for unit embeddings (d_hidden, batch) of the two modalities."""
    return jnp.linalg.norm(jnp.mean(a, axis=1) - jnp.mean(b, axis=1))


def directions(encode, x):
    """The least-squares coefficients of h on x, (d_hidden, n_features), and W exactly for h = W x.

    What single features do is taken off first, so that only a code which is not linear depends on
    how well the features can be told apart in x.
    """
    n_features = x.shape[0]
    alone = encode(jnp.eye(n_features)) - encode(jnp.zeros((n_features, 1)))
    x_centred = x - jnp.mean(x, axis=1, keepdims=True)
    left = encode(x) - alone @ x
    covariance = x_centred @ x_centred.T
    ridge = RIDGE * jnp.max(jnp.diagonal(covariance)) + 1e-12
    more = solved(covariance + ridge * jnp.eye(n_features), x_centred @ left.T)
    return alone + more.T


def tower_agreement(first, second):
    """Mean cosine between two encoders' directions of a feature, (d_hidden, n_features) each, over
    the features that both represent; NaN where there are none."""
    both = represented(first) & represented(second)
    cosines = jnp.sum(unit_columns(first) * unit_columns(second), axis=0)
    return jnp.sum(jnp.where(both, cosines, 0)) / jnp.sum(both)


def represented(W):
    """Which columns of W are longer than `REPRESENTED` of the longest."""
    lengths = jnp.linalg.norm(W, axis=0)
    return lengths > REPRESENTED * jnp.max(lengths)
