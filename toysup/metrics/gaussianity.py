"""How Gaussian a hidden unit is, exactly (cumulants of independent features add)."""

import numpy as np

from toysup.metrics import _vectors, column


@column(kind="list", source="cumulants of a sum: Hyvärinen & Oja 2000")
def hidden_excess_kurtosis(W: np.ndarray, kappa_x: np.ndarray | float) -> np.ndarray:
    """The excess kurtosis of each hidden unit when the features are independent.

        kappa_d = kappa_x sum_i W_di^4 / (sum_i W_di^2)^2

    0 for a Gaussian, `kappa_x` for a unit that carries one feature, and `kappa_x / k` for one that
    carries k features equally: superposition makes hidden units Gaussian-like. It can vanish by
    accident, where `kappa_x` does. Insensitive to scale; it does depend on the basis of the hidden
    space. NaN for a unit without weights. `W` is `(..., d_hidden, n_features)`, `kappa_x`, the
    excess kurtosis of one feature, `(...)`, and the result `(..., d_hidden)`.

    >>> hidden_excess_kurtosis([[1.0, -1.0], [1.0, 0.0]], 3.0).tolist()
    [1.5, 3.0]

    Source: Hyvärinen & Oja 2000, "Independent component analysis: algorithms and applications".
    """
    W = _vectors.matrix(W)
    share = _vectors.ratio((W**4).sum(axis=-1), (W**2).sum(axis=-1) ** 2)
    return np.asarray(kappa_x)[..., None] * share
