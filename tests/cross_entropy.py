"""What the kernels of the cross-entropy between two sets of embeddings are held to."""

import jax.numpy as jnp
import numpy as np
from scipy.special import logsumexp

SMALLEST_NORMAL = 2.0**-126  # below it, 0 will do


def unit(z):
    return z / np.linalg.norm(z, axis=0)


def embeddings(kind, d_hidden, batch, temperature):
    """Unit embeddings a / temperature and b: at random, near their partners or opposed to them."""
    rng = np.random.default_rng(0)
    a, noise = rng.normal(size=(2, d_hidden, batch))
    b = {"random": noise, "near": unit(a) + 0.1 * noise, "opposed": -unit(a) + 0.1 * noise}[kind]
    return jnp.asarray(unit(a) / temperature, jnp.float32), jnp.asarray(unit(b), jnp.float32)


def textbook(a, b):
    """The cross-entropy of softmaxes in float64, and its gradients by a and b."""
    a, b = (np.asarray(z, np.float64) for z in (a, b))
    own, loss, slopes = np.eye(a.shape[1], dtype=bool), 0.0, np.zeros(())
    for s in (a.T @ b, b.T @ a):
        ratio = s - np.diag(s)[:, None]  # its logarithm, as are those of what follows
        doubt = logsumexp(np.where(own, -np.inf, ratio), axis=1)
        total = np.logaddexp(0, doubt)
        loss += total.mean() / 2
        share = np.where(own, -np.exp(doubt - total)[:, None], np.exp(ratio - total[:, None]))
        slopes = slopes.T + share / (2 * len(s))
    return loss, b @ slopes, a @ slopes.T


def assert_is_textbooks(a, b, found, rtol=3e-5):
    loss, *gradient = textbook(a, b)
    value, slopes = found
    np.testing.assert_allclose(value, loss, rtol=rtol, atol=SMALLEST_NORMAL)
    for one, other, factor in zip(slopes, gradient, (b, a), strict=True):
        # Slopes along a line can cancel: what is left is rounding of the larger factor.
        noise = 1e-6 * np.abs(factor).max() * min(loss, 1) + SMALLEST_NORMAL
        np.testing.assert_allclose(one, other, rtol=rtol, atol=noise + rtol * np.abs(other).max())
