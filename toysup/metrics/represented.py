"""Which features a model represents, and the cosines between them (Elhage et al. 2022)."""

import numpy as np

from toysup.metrics import _vectors, column

# A relative rule, because a cosine loss leaves the scale of W free. The report says what 0.2 and
# 0.5 would change.
REPRESENTED = 0.3


def represented(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """R as a mask: a_i > threshold max_j a_j. `(..., n_features)`."""
    a = _vectors.lengths(W)
    return a > threshold * a.max(axis=-1, keepdims=True, initial=0)


def cosines(W: np.ndarray, threshold: float = REPRESENTED) -> tuple[np.ndarray, np.ndarray]:
    """c_ij, and which (i, j) are pairs i != j in R; c is 0 elsewhere: `(..., n, n)` both."""
    R = represented(W, threshold)
    U = np.where(R[..., None, :], _vectors.directions(W), 0)
    pairs = R[..., :, None] & R[..., None, :] & ~np.eye(R.shape[-1], dtype=bool)
    return np.where(pairs, U.mT @ U, 0), pairs


def mean_over(values: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """The mean of `values` over the (i, j) in `pairs`, NaN where there are none; `(...)`."""
    total = np.where(pairs, values, 0).sum(axis=(-2, -1))
    return _vectors.ratio(total, pairs.sum(axis=(-2, -1)))


@column(kind="int", unit="features", source="Elhage et al. 2022, transformer-circuits.pub")
def n_represented(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """How many features have a norm above 0.3 of the largest norm.

        r = |R|,  R = {i : a_i > 0.3 max_j a_j},  a_i = |w_i|

    Below d_hidden, dimensions are left unused; above it, there is superposition. Every other
    metric with "represented" in its description looks at R alone. Insensitive to scale and
    rotation. 0 for a W of zeros. `W` is `(..., d_hidden, n_features)`, the result `(...)`.

    >>> int(n_represented([[1.0, 0.0, 0.2], [0.0, 0.5, 0.0]]))
    2

    Source: Elhage et al. 2022, "Toy Models of Superposition", the norms of the features.
    """
    return represented(W, threshold).sum(axis=-1)


@column(source="Elhage et al. 2022, the norms of the features by importance")
def leading_represented(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """The share of the r represented features that are among the first r.

        |R and {0, ..., r - 1}| / r

    1 where the represented features are the first ones, which are the most important where
    importance decays; r / n_features by chance. Insensitive to scale, rotation and how the
    features are arranged. NaN when nothing is represented. `W` is `(..., d_hidden, n_features)`,
    the result `(...)`.

    >>> float(leading_represented([[1.0, 0.0, 0.0], [0.0, 0.2, 0.5]]))
    0.5

    Source: toysup; Elhage et al. 2022, "Toy Models of Superposition", demonstrates it by sight.
    """
    R = represented(W, threshold)
    r = R.sum(axis=-1)
    first = np.arange(R.shape[-1]) < r[..., None]
    return _vectors.ratio((R & first).sum(axis=-1), r)
