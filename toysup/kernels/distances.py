"""Distance correlation: whether two sets of points have the same shape."""

import jax.numpy as jnp
from jax import lax


def distances(x):
    """The distance of each point from each other, (points, points), of (coordinates, points)."""
    squares = jnp.sum((x[:, :, None] - x[:, None, :]) ** 2, axis=0)
    return jnp.where(squares > 0, jnp.sqrt(jnp.where(squares > 0, squares, 1.0)), 0.0)


def centred(a):
    """a, the distances between points, with rows and columns that add up to 0 and no diagonal, so
    that means of products are without bias (Szekely and Rizzo's U-centring)."""
    n = len(a)
    sums = a.sum(axis=0)
    shifted = a - (sums + sums[:, None]) / (n - 2) + sums.sum() / ((n - 1) * (n - 2))
    return jnp.where(jnp.eye(n, dtype=bool), 0.0, shifted)


def distance_correlation(x, y):
    """How alike the distances within x are to those within y, between 0 and 1.

        sqrt(max(0, sum A B / sqrt(sum A^2 sum B^2))),  A, B the U-centred distances of x, of y

    1 where y is x up to scale, rotation and shift, and only there; near 0 where x and y are
    independent, whatever their dimensions: the plain one, without U-centring, is at 0.2 there with
    256 points of a circle beside 10 dimensions. 0 too where either is one point. x and y are
    (any, points).

    Source: Szekely, Rizzo and Bakirov 2007, "Measuring and testing dependence by correlation of
    distances"; Szekely and Rizzo 2014, "Partial distance correlation", for the centring.
    """
    a, b = centred(distances(x)), centred(distances(y))
    size = jnp.sum(a * a) * jnp.sum(b * b)
    share = jnp.sum(a * b) * lax.rsqrt(jnp.where(size > 0, size, 1.0))
    return jnp.sqrt(jnp.where(size > 0, jnp.maximum(share, 0.0), 0.0))
