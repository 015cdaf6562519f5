"""The exact loss of InfoNCE with many negatives, of linear codes of few features."""

import jax
import jax.numpy as jnp
from jax import lax

from toysup.theory.pairs import Pairs

SOFTENING = 1e-12  # of a squared length, as in training: an empty view has a cosine of 0


def infonce_loss(W: jax.Array, pairs: Pairs, temperature, cosine: bool) -> jax.Array:
    """The loss over ln(batch) of the code h = W x with many negatives.

        -E s(a, b) + E_a ln E_b' exp s(a, b')

    over pairs of views (a, b) and views b' of other samples, with s the cosine or the dot product
    of their codes over the temperature. 0 is a code that says nothing; the views' mutual
    information is the most that it can be under 0. `W` is (d_hidden, n_features).

    Source: van den Oord, Li and Vinyals 2018; Wang & Isola 2020 for many negatives.
    """
    h, weight = W @ pairs.x, pairs.weight
    if cosine:
        h /= jnp.sqrt((h**2).sum(axis=0) + SOFTENING)
    scores = h.T @ h / temperature
    # Exponentials of scores less the highest do not overflow. No cosine is above the length that
    # the softening leaves a code: 1, or 0 of an empty view.
    lengths = jnp.linalg.norm(lax.stop_gradient(h), axis=0)
    highest = lengths / temperature if cosine else lax.stop_gradient(scores).max(axis=1)
    against = jnp.log(jnp.exp(scores - highest[:, None]) @ weight) + highest
    return against @ weight - (h @ pairs.joint * h).sum() / temperature
