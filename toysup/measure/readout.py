"""The best ReLU read-out of each feature from the code, fitted after training.

It asks of every objective the same question: how much of x_i could a reader get back out of h?
A linear read-out cannot tell codes apart (its R^2 sums to the rank for every W).
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from toysup.grid.limits import READOUT_FLOATS
from toysup.kernels.readout import fit_sums, pairs_of
from toysup.kernels.solve import solved

ITERATIONS = 30  # at most; fits of the question's sizes stand still by then
# It ends when this many steps in a row made no feature's error smaller by this share of it.
PATIENCE, LEAST_GAIN = 3, 1e-6
RIDGE = 1e-6  # relative to the diagonal; keeps unused directions of h solvable


def with_constant(h, mean, scale):
    """Standardised code with a row of ones: (d_hidden + 1, samples)."""
    return jnp.concatenate([(h - mean) / scale, jnp.ones((1, h.shape[1]))])


def squared_error(V, H, x):
    """Sum over samples of (x_i - relu(v_i . H))^2, for each feature: (n_features,)."""
    return jnp.sum((x - jax.nn.relu(V @ H)) ** 2, axis=1)


def gauss_newton(V, H, x):
    """Levenberg-Marquardt on every row of V, (n_features, d_hidden + 1), at once.

    The products of all pairs of hidden units, on every sample, are computed once where they fit
    READOUT_FLOATS, and else in blocks of samples, again in each iteration.
    """
    width, samples = H.shape
    first, second = pairs_of(width)
    blocks = readout_blocks(len(first) * samples, samples)
    parts = jnp.moveaxis(H.reshape(width, blocks, -1), 1, 0)
    place = np.zeros((width, width), int)  # of a pair, either way round
    place[first, second] = place[second, first] = np.arange(len(first))

    def products_of(part):
        return part[first] * part[second]

    products = products_of(H) if blocks == 1 else None

    def gram_of(active):
        weights = jnp.where(active, 1.0, 0.0)
        if products is not None:
            return weights @ products.T

        def add(total, block):
            part, of_part = block
            return total + of_part @ products_of(part).T, None

        by_block = jnp.moveaxis(weights.reshape(len(active), blocks, -1), 1, 0)
        return lax.scan(add, jnp.zeros((len(active), len(first))), (parts, by_block))[0]

    def goes_on(carry):
        number, idle, *_ = carry
        return (number < ITERATIONS) & (idle < PATIENCE)

    def iterate(carry):
        number, idle, V, damping, error, slope, by_pair = carry
        gram = by_pair[:, place]
        diagonal = jnp.diagonal(gram, axis1=1, axis2=2)
        floor = RIDGE * jnp.mean(diagonal, axis=1, keepdims=True) + 1e-12
        lifted = gram + jax.vmap(jnp.diag)(damping[:, None] * diagonal + floor)
        tried = V + solved(lifted, slope[..., None])[..., 0]
        sums = fit_sums(tried, H, x, gram_of)
        better = sums[0] < error
        gained = jnp.any(error - sums[0] > LEAST_GAIN * error)
        damping = jnp.clip(jnp.where(better, damping / 4, damping * 4), 1e-6, 1e6)
        old = V, error, slope, by_pair
        V, *sums = (
            jnp.where(better.reshape(-1, *[1] * (new.ndim - 1)), new, known)
            for new, known in zip((tried, *sums), old, strict=True)
        )
        return number + 1, jnp.where(gained, 0, idle + 1), V, damping, *sums

    start = 0, 0, V, jnp.full(len(V), 1e-2), *fit_sums(V, H, x, gram_of)
    _, _, V, _, error, *_ = lax.while_loop(goes_on, iterate, start)
    return V, error


def readout_blocks(floats: int, length: int) -> int:
    """Into how many equal blocks, a power of two, `length` is cut, so that one of them has
    READOUT_FLOATS or less of the `floats`."""
    blocks = 1
    while floats > blocks * READOUT_FLOATS and length % (2 * blocks) == 0:
        blocks *= 2
    return blocks


def fitted(V, H, x):
    """`gauss_newton`, in as many blocks of features as the matrices of normal equations need."""
    n, width = V.shape
    blocks = -(-n * width**2 // READOUT_FLOATS)
    if blocks == 1:
        return gauss_newton(V, H, x)
    size = -(-n // blocks)
    padding = ((0, blocks * size - n), (0, 0))
    parts = (jnp.pad(rows, padding).reshape(blocks, size, -1) for rows in (V, x))
    V, error = lax.map(lambda part: gauss_newton(part[0], H, part[1]), tuple(parts))
    return V.reshape(-1, width)[:n], error.reshape(-1)[:n]


def readout_unexplained(h, x, fresh_h, fresh_x):
    """Share of each feature's variance that the best ReLU read-out of it leaves unexplained.

    min over v, c of E[(x_i - relu(v . h + c))^2] / Var[x_i], fitted on (h, x) and measured on a
    fresh sample. 0: read back exactly. 1: no better than the mean. NaN where x_i never varies.
    h is (d_hidden, samples), x is (n_features, samples); the result is (n_features,). Does not
    change under an invertible map of h.

    Two starts for each feature, because the problem is not convex: the linear least-squares
    read-out, and the matched filter along cov(h, x_i); the better fit counts.

    Source: ours; the read-out is the decoder of Elhage et al. 2022, freed from W.
    """
    mean, scale = h.mean(axis=1, keepdims=True), h.std(axis=1, keepdims=True) + 1e-12
    H, fresh_H = with_constant(h, mean, scale), with_constant(fresh_h, mean, scale)
    gram = H @ H.T
    floor = RIDGE * jnp.mean(jnp.diag(gram))
    linear = solved(gram + floor * jnp.eye(len(gram)), H @ x.T).T
    covariance = ((x - x.mean(axis=1, keepdims=True)) @ H.T).at[:, -1].set(0.0)
    reach = jnp.sum((covariance @ H) ** 2, axis=1) + 1e-12
    matched = covariance * (jnp.sum((covariance @ H) * x, axis=1) / reach)[:, None]

    both, errors = lax.map(lambda V: fitted(V, H, x), jnp.stack([linear, matched]))
    V = jnp.where((errors[0] <= errors[1])[:, None], both[0], both[1])
    variance = jnp.sum((fresh_x - fresh_x.mean(axis=1, keepdims=True)) ** 2, axis=1)
    return jnp.where(variance > 0, squared_error(V, fresh_H, fresh_x) / variance, jnp.nan)


def linear_unexplained(h, z, fresh_h, fresh_z):
    """Share of the variance of the latents that the best linear read-out from h leaves unexplained.

    Fitted by least squares with an intercept on (h, z), and measured on a fresh sample, over all
    latents together. 0: the latents are linear in the code. 1: no better than their mean. NaN
    where they never vary. h is (d_hidden, samples), z is (latents, samples).

    Source: Alain and Bengio 2016, "Understanding intermediate layers using linear classifier
    probes".
    """
    mean, scale = h.mean(axis=1, keepdims=True), h.std(axis=1, keepdims=True) + 1e-12
    H, fresh_H = with_constant(h, mean, scale), with_constant(fresh_h, mean, scale)
    gram = H @ H.T
    lifted = gram + RIDGE * jnp.mean(jnp.diag(gram)) * jnp.eye(len(gram))
    V = solved(lifted, H @ z.T).T
    variance = jnp.sum((fresh_z - fresh_z.mean(axis=1, keepdims=True)) ** 2)
    return jnp.where(variance > 0, jnp.sum((fresh_z - V @ fresh_H) ** 2) / variance, jnp.nan)
