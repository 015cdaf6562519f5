"""The loss of an autoencoder over all samples there are, by quadrature. For few features.

A sample of 65,000 has six in which both of two features of density 0.01 are present, and all of
what a superposed pair costs is in those six: too few to say which of two restarts is better.
"""

import itertools
from functools import cache

import numpy as np

MOST_FEATURES = 5
POINTS = 8  # along each feature: the loss of an antipodal pair to 1.2%, and of all alike
AT_ONCE = 256  # models, so that what is worked on stays in the cache


def mse_expected_loss(W, b, density, importance):
    """E of sum_i I_i (x_i - relu(w_i . h + b_i))^2 for h = W x and independent sparse features.

    A feature is present with probability s, `density`, and U[0, 1) then. The sum over which
    features are present is exact; over their amplitudes it is Gauss and Legendre's quadrature.
    0 when every feature is read back without error, and s/3 - s^2/4 times its importance for each
    feature that its bias alone answers. Its time grows like 9^n_features: good up to MOST_FEATURES.

    `W` is `(..., d_hidden, n_features)`, `b` and `importance` `(..., n_features)`, `density` and
    the result `(...)`.

    >>> round(float(mse_expected_loss([[1.0, 0.0]], [0.0, 0.25], 0.5, [1.0, 1.0])), 6)
    0.104167

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 2, for the loss.
    """
    W, b, density, importance = (np.asarray(a, float) for a in (W, b, density, importance))
    n = W.shape[-1]
    shape = np.broadcast_shapes(W.shape[:-2], b.shape[:-1], density.shape, importance.shape[:-1])
    gram = np.broadcast_to(W.mT @ W, (*shape, n, n)).reshape(-1, n, n)
    b, importance = (np.broadcast_to(a, (*shape, n)).reshape(-1, n) for a in (b, importance))
    s = np.broadcast_to(density, shape).reshape(-1, 1)
    x, weight, present = grid(n)
    losses = np.empty(len(gram))
    for start in range(0, len(gram), AT_ONCE):
        some = np.s_[start : start + AT_ONCE]
        error = x - np.maximum(gram[some] @ x + b[some, :, None], 0)
        chance = weight * s[some] ** present * (1 - s[some]) ** (n - present)
        losses[some] = ((importance[some, None] @ error**2)[:, 0] * chance).sum(axis=-1)
    return losses.reshape(shape)[()]


@cache
def grid(n_features):
    """Samples (n_features, count), the weight of each among those with the same features present,
    and how many are present in it."""
    nodes, weights = np.polynomial.legendre.leggauss(POINTS)
    sizes = np.concatenate([[0.0], (nodes + 1) / 2])  # absent, or present with one of the nodes
    weights = np.concatenate([[1.0], weights / 2])
    chosen = np.array(list(itertools.product(range(POINTS + 1), repeat=n_features))).T
    return sizes[chosen], weights[chosen].prod(axis=0), (chosen > 0).sum(axis=0)
