"""The loss of an autoencoder over all samples there are, by quadrature. For few or rare features.

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
# Of more features than that, samples with up to three of them count, with fewer points each.
ALL_SUBSETS = 6  # features
RARE_POINTS = {1: 32, 2: 6, 3: 3}
MOST_RARE_FEATURES = 24
MOST_LEFT_OUT = 1e-4  # of the samples that are not empty
VALUES_AT_ONCE = 2**22  # of models side by side


@cache
def points(n_features):
    """Samples (n_features, count), the weight of each among those with the same features present,
    and which are: (count,) and (n_features, count)."""
    samples, weights = [np.zeros((n_features, 1))], [np.ones(1)]
    few = n_features <= ALL_SUBSETS
    of_present = {k: POINTS.get(k, FEWEST_POINTS) for k in range(1, n_features + 1)}
    for present, count in (of_present if few else RARE_POINTS).items():
        at, weight = np.polynomial.legendre.leggauss(count)
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


def left_out(p: np.ndarray) -> np.ndarray:
    """The share of samples with any feature that have more than RARE_POINTS goes to, (...).

    `p` is (..., n_features).

    >>> float(left_out(np.full(20, 0.001))) < 1e-6, float(left_out(np.full(20, 0.1))) > 0.1
    (True, True)
    """
    most = max(RARE_POINTS)
    count = np.zeros((*p.shape[:-1], most + 1))  # chances of 0 to `most` features
    count[..., 0] = 1
    for i in range(p.shape[-1]):
        one = p[..., i : i + 1]
        more = np.concatenate([np.zeros_like(one), count[..., :-1]], axis=-1)
        count = (1 - one) * count + one * more
    return np.maximum(0, 1 - count.sum(axis=-1)) / (1 - count[..., 0])


def is_expected(p: np.ndarray) -> np.ndarray:
    """Whether `mse_expected_loss` has nearly all samples of features with these probabilities.

    It has all of up to MOST_FEATURES, and of up to MOST_RARE_FEATURES those that are not more than
    three at once. `p` is (..., n_features), the result (...).
    """
    n = p.shape[-1]
    if n <= MOST_FEATURES:
        return np.ones(p.shape[:-1], dtype=bool)
    return (n <= MOST_RARE_FEATURES) & (left_out(p) <= MOST_LEFT_OUT)


def mse_expected_loss(W, b, p, importance):
    """E of sum_i I_i (x_i - relu(w_i . h + b_i))^2 for h = W x and independent sparse features.

    Feature i is present with probability p_i, and U[0, 1) then. The sum over which features are
    present is exact; over their amplitudes it is Gauss and Legendre's quadrature. 0 when every
    feature is read back without error, and p_i/3 - p_i^2/4 times its importance for each feature
    that its bias alone answers. All subsets of features count, up to ALL_SUBSETS of them; of more,
    those of up to three, which is right where features are rare (`is_expected`).

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
    at_once = max(1, VALUES_AT_ONCE // x.size)
    for start in range(0, len(gram), at_once):
        some = np.s_[start : start + at_once]
        error = x - np.maximum(gram[some] @ x + b[some, :, None], 0)
        of_sample = (importance[some, None] @ error**2)[:, 0]
        losses[some] = (of_sample * chances(p[some], n)).sum(axis=-1)
    return losses.reshape(shape)[()]
