"""How far a code is from Gaussian along its directions, measured on samples.

Beside the exact kurtosis of `metrics.gaussianity`, which can vanish by accident and needs
independent features and a linear encoder.
"""

import jax.numpy as jnp
import numpy as np
from jax import lax
from scipy.special import ndtri

from toysup.kernels.sort import sorted_columns
from toysup.metrics.gaussianity import LEAST_VARIANCE

RANDOM_DIRECTIONS = 32
MOST_FEATURES = 64  # candidates for the worst direction; sorting more would take too long


def normal_quantiles(samples):
    """What the order statistics of a standard Gaussian are about: the (i - 3/8) / (N + 1/4)
    quantiles.

    Source: Blom 1958, "Statistical Estimates and Transformed Beta-Variables".
    """
    return ndtri((np.arange(1, samples + 1) - 3 / 8) / (samples + 1 / 4))


def unit_rows(y):
    """Rows without their mean, of length one; NaN for a row that never varies."""
    varies = y.max(axis=-1, keepdims=True) != y.min(axis=-1, keepdims=True)
    y = y - y.mean(axis=-1, keepdims=True)
    return jnp.where(varies, y * lax.rsqrt(jnp.sum(y**2, axis=-1, keepdims=True)), jnp.nan)


def quantile_gap(projections):
    """How far the quantiles of each row are from a Gaussian's: 1 - r^2, (k,) of (k, samples).

    r is the correlation of the sorted samples with normal quantiles. 0 is Gaussian, 1 - 3/pi =
    0.045 uniform, 0.18 exponential, 1 - 2/pi = 0.36 a fair coin; near 1, almost always constant.
    An effect size; the noise of a sample is about 2 / samples. Insensitive to shift,
    scale and sign. NaN for a row that never varies.

    Source: Shapiro & Francia 1972, "An approximate analysis of variance test for normality".
    """
    quantiles = normal_quantiles(projections.shape[-1])
    q = jnp.asarray(quantiles / np.linalg.norm(quantiles), jnp.float32)
    y = unit_rows(sorted_columns(projections.T).T)
    # The residual of the line, as 1 - r^2 would round to nothing.
    return jnp.sum((y - (y @ q)[:, None] * q) ** 2, axis=-1)


def whitened(h):
    """h without its mean, as uncorrelated rows of variance 1; a row that adds nothing is 0.

    Gram and Schmidt's, done twice for float32. Not by eigenvectors: jaxlib's LAPACK waits for
    threads of the pool that called it, and may wait for ever (see `kernels.solve`).
    """
    varies = h.max(axis=1, keepdims=True) != h.min(axis=1, keepdims=True)
    h = jnp.where(varies, h - h.mean(axis=1, keepdims=True), 0.0)
    least = LEAST_VARIANCE * jnp.max(jnp.mean(h**2, axis=1))

    def add(k, z):
        row = h[k]
        for _ in range(2):
            row = row - (z @ row / len(row)) @ z
        variance = jnp.mean(row**2)
        kept = (variance > least) & (variance > 0)
        return z.at[k].set(jnp.where(kept, row * lax.rsqrt(jnp.where(kept, variance, 1.0)), 0.0))

    return lax.fori_loop(0, len(h), add, jnp.zeros_like(h))


def normality(h, x):
    """The quantile gap of the code along random directions, on average, and along the worst.

    The random directions are 32 fixed ones of the whitened code. The candidates for the worst are
    these, and those of the whitened code along which it goes with each hidden unit, and with each
    of the (at most 64) features that it carries best. (0, 0) is a Gaussian code; NaN is one that
    never varies. h is (d_hidden, samples), x is (n_features, samples).

    Source: Shapiro & Francia 1972 for the gap; Diaconis & Freedman 1984, "Asymptotics of graphical
    projection pursuit", for why random directions alone look Gaussian.
    """
    z = whitened(h)
    random = np.random.default_rng(0).standard_normal((RANDOM_DIRECTIONS, len(h)))
    of_features = unit_rows(x) @ z.T
    carried = jnp.nan_to_num(jnp.sum(of_features**2, axis=1))
    _, best = lax.top_k(carried, min(MOST_FEATURES, len(x)))
    of_units = unit_rows(h) @ z.T
    directions = jnp.concatenate([random.astype(np.float32), of_units, of_features[best]])
    gaps = quantile_gap(directions @ z)
    return jnp.mean(gaps[:RANDOM_DIRECTIONS]), jnp.nanmax(gaps)
