"""The loss of an autoencoder over all samples there are, by quadrature. For few features.

A sample of 65,000 has six in which both of two features of density 0.01 are present, and all of
what a superposed pair costs is in those six: too few to say which of two restarts is better.
"""

import itertools
from functools import cache

import numpy as np

MOST_FEATURES = 5
# The settings of the sweeps whose models have this loss: tied autoencoders of independent features.
SETTINGS = {
    "objective": "mse",
    "features": "independent",
    "encoder": "linear",
    "tied": True,
    "amplitude": "uniform",
    "empty_samples": "keep",
}
# Gauss-Legendre points for each feature that is present, by how many are. The kinks of the ReLU
# are what more of them would resolve: for most W these are right to 1e-5, at worst to 1e-3.
POINTS = {1: 32, 2: 12, 3: 6}
FEWEST_POINTS = 3
AT_ONCE = 256  # models, so that what is worked on stays in the cache


@cache
def points(n_features):
    """Samples (n_features, count), the weight of each among those with the same features present,
    and which are: (count,) and (n_features, count)."""
    samples, weights = [np.zeros((n_features, 1))], [np.ones(1)]
    for present in range(1, n_features + 1):
        at, weight = np.polynomial.legendre.leggauss(POINTS.get(present, FEWEST_POINTS))
        grid = np.array(list(itertools.product((at + 1) / 2, repeat=present))).T
        share = np.prod(list(itertools.product(weight / 2, repeat=present)), axis=1)
        for chosen in map(list, itertools.combinations(range(n_features), present)):
            x = np.zeros((n_features, grid.shape[1]))
            x[chosen] = grid
            samples.append(x)
            weights.append(share)
    x = np.concatenate(samples, axis=1)
    return x, np.concatenate(weights), x > 0


def chances(p, n_features):
    """What each of the `points` counts where feature i is present with probability p_i: they sum to
    1. `p` is `(..., n_features)`, or `(..., 1)` for all alike, the result `(..., count)`."""
    _, weight, present = points(n_features)
    p = np.broadcast_to(p, (*np.shape(p)[:-1], n_features))
    of_sample = weight
    for i in range(n_features):
        of_sample = of_sample * np.where(present[i], p[..., i : i + 1], 1 - p[..., i : i + 1])
    return of_sample


def mse_expected_loss(W, b, p, importance):
    """E of sum_i I_i (x_i - relu(w_i . h + b_i))^2 for h = W x and independent sparse features.

    Feature i is present with probability p_i, and U[0, 1) then. The sum over which features are
    present is exact; over their amplitudes it is Gauss and Legendre's quadrature. 0 when every
    feature is read back without error, and p_i/3 - p_i^2/4 times its importance for each feature
    that its bias alone answers. All subsets of features count: good up to MOST_FEATURES.

    `W` is `(..., d_hidden, n_features)`; `b`, `p` and `importance` are `(..., n_features)`, or
    `(..., 1)` where they are the same for each; the result is `(...)`.

    >>> round(float(mse_expected_loss([[1.0, 0.0]], [0.0, 0.25], [0.5], [1.0])), 6)
    0.104167

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 2, for the loss.
    """
    W, b, p, importance = (np.asarray(a, float) for a in (W, b, p, importance))
    n = W.shape[-1]
    shape = np.broadcast_shapes(W.shape[:-2], *(a.shape[:-1] for a in (b, p, importance)))
    gram = np.broadcast_to(W.mT @ W, (*shape, n, n)).reshape(-1, n, n)
    b, p, importance = (np.broadcast_to(a, (*shape, n)).reshape(-1, n) for a in (b, p, importance))
    x, *_ = points(n)
    losses = np.empty(len(gram))
    for start in range(0, len(gram), AT_ONCE):
        some = np.s_[start : start + AT_ONCE]
        error = x - np.maximum(gram[some] @ x + b[some, :, None], 0)
        of_sample = (importance[some, None] @ error**2)[:, 0]
        losses[some] = (of_sample * chances(p[some], n)).sum(axis=-1)
    return losses.reshape(shape)[()]
