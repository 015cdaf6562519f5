"""The exact loss of InfoNCE with many negatives, of linear codes of few features."""

import numpy as np

from toysup.theory.pairs import Pairs

SOFTENING = 1e-12  # of a squared length, as in training: an empty view has a cosine of 0


def infonce_loss_and_gradient(
    W: np.ndarray, pairs: Pairs, temperature: float, cosine: bool
) -> tuple[float, np.ndarray]:
    """The loss over ln(batch) of the code h = W x with many negatives, and its gradient by W.

        -E s(a, b) + E_a ln E_b' exp s(a, b')

    over pairs of views (a, b) and views b' of other samples, with s the cosine or the dot product
    of the codes over the temperature. 0 is a code that says nothing; the views' mutual information
    is the most that it can be under 0. `W` is (d_hidden, n_features).

    Source: van den Oord, Li and Vinyals 2018; Wang & Isola 2020 for many negatives.
    """
    h, weight = W @ pairs.x, pairs.weight
    length = np.sqrt((h**2).sum(axis=0) + SOFTENING) if cosine else np.ones(h.shape[1])
    z = h / (length * np.sqrt(temperature))
    s = z.T @ z
    top = s.max(axis=1)
    E = np.exp(s - top[:, None])
    total, joined = E @ weight, z @ pairs.joint
    loss = float(weight @ (np.log(total) + top) - np.vdot(z, joined))
    # Sums over pairs are products with E, so that no weight is multiplied into all pairs.
    row = weight / total
    by_z = (z * row) @ E * weight + (z * weight) @ E.T * row - 2 * joined
    if cosine:
        by_z -= z * (temperature * (z * by_z).sum(axis=0))
    return loss, by_z / (length * np.sqrt(temperature)) @ pairs.x.T
