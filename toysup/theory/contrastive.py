"""The exact loss of InfoNCE with many negatives, of linear codes of few features."""

from dataclasses import dataclass

import numpy as np

from toysup.theory.pairs import Pairs

SOFTENING = 1e-12  # of a squared length, as in training: an empty view has a cosine of 0
LEAST_TEMPERATURE = 1 / 60  # at which exp of a cosine over it stays within single precision


@dataclass(frozen=True)
class Scored:
    """What a code makes of pairs of views; arrays lead as W does."""

    z: np.ndarray  # codes (d_hidden, views), whose products are the scores
    length: np.ndarray  # what W x was divided by, (1, views)
    # exp of a view's scores (rows), over its highest where they are large, (views, views)
    against: np.ndarray
    total: np.ndarray  # the mean of that over what the negatives are, (views,)
    joined: np.ndarray  # the sum of the z of a view's partners, by their chances (d_hidden, views)
    loss: np.ndarray


def score(W: np.ndarray, pairs: Pairs, temperature: float, cosine: bool) -> Scored:
    h = W @ pairs.x
    length = np.ones_like(h[..., :1, :])
    if cosine:
        length = np.sqrt((h**2).sum(axis=-2, keepdims=True) + SOFTENING)
    z = h / (length * temperature**0.5)
    against = z.mT @ z
    top = np.zeros_like(z[..., 0, :])
    if not cosine or temperature < LEAST_TEMPERATURE:
        top = against.max(axis=-1)
        against -= top[..., None]
    np.exp(against, out=against)
    total, joined = against @ pairs.weight, z @ pairs.joint
    loss = (np.log(total) + top) @ pairs.weight - (z * joined).sum(axis=(-1, -2))
    return Scored(z, length, against, total, joined, loss)


def infonce_loss(W: np.ndarray, pairs: Pairs, temperature: float, cosine: bool) -> np.ndarray:
    """The loss over ln(batch) of the code h = W x with many negatives, (...).

        -E s(a, b) + E_a ln E_b' exp s(a, b')

    over pairs of views (a, b) and views b' of other samples, with s the cosine or the dot product
    of the codes over the temperature. 0 is a code that says nothing; the views' mutual information
    is the most that it can be under 0. `W` is (..., d_hidden, n_features).

    Source: van den Oord, Li and Vinyals 2018; Wang & Isola 2020 for many negatives.
    """
    return score(W, pairs, temperature, cosine).loss


def infonce_loss_and_gradient(
    W: np.ndarray, pairs: Pairs, temperature: float, cosine: bool
) -> tuple[np.ndarray, np.ndarray]:
    """`infonce_loss`, and its gradient by W, (..., d_hidden, n_features)."""
    code, weight = score(W, pairs, temperature, cosine), pairs.weight
    z, E = code.z, code.against
    # Sums over pairs are products with E, so that no weight is multiplied into all pairs.
    row = (weight / code.total)[..., None, :]
    by_z = (z * row) @ E * weight + (z * weight) @ E.mT * row - 2 * code.joined
    if cosine:
        by_z -= z * (temperature * (z * by_z).sum(axis=-2, keepdims=True))
    return code.loss, by_z / (code.length * temperature**0.5) @ pairs.x.T
