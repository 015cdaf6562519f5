"""How many dimensions a feature has to itself (Elhage et al. 2022; Scherlis et al. 2022)."""

import numpy as np

from toysup.metrics import _vectors, column
from toysup.metrics.represented import REPRESENTED, n_represented, represented, row_blocks


@column(
    kind="list", unit="dimensions", source="Elhage et al. 2022; Scherlis et al. 2022 (capacity)"
)
def dimensionality(W: np.ndarray) -> np.ndarray:
    """D_i, the share of a dimension that a feature has to itself.

        D_i = a_i^2 / sum_j (u_i . w_j)^2,  a_i = |w_i|,  u_i = w_i / a_i

    1 is a dimension of its own, 3/4 a corner of a tetrahedron, 2/3 of a triangle, 1/2 one end of
    an antipodal pair, 2/5 a corner of a pentagon, 3/8 of a square antiprism, and 0 a feature that
    is not there. They sum to at most rank W. Insensitive to scale, rotation and signs: two
    features on the same direction score like an antipodal pair. `W` is
    `(..., d_hidden, n_features)`, the result `(..., n_features)`.

    >>> from toysup.geometry import polygon
    >>> dimensionality(polygon(5)).round(6).tolist()
    [0.4, 0.4, 0.4, 0.4, 0.4]

    Source: Elhage et al. 2022, "Toy Models of Superposition", feature dimensionality; the same
    number is the capacity of Scherlis et al. 2022, "Polysemanticity and Capacity".
    """
    W = _vectors.matrix(W)
    a = _vectors.lengths(W)
    U = _vectors.directions(W)
    rows = row_blocks(W.shape[-1])
    parts = [((U.mT[..., some, :] @ W) ** 2).sum(axis=-1) for some in rows]
    shared = np.concatenate(parts, axis=-1)
    return np.where(a == 0, 0.0, _vectors.ratio(a**2, shared))


@column(unit="dimensions", source="Elhage et al. 2022; Scherlis et al. 2022 (capacity)")
def mean_dimensionality(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """The mean dimensionality of the represented features.

        sum_{i in R} D_i / r

    1 when each has a dimension of its own, 1/2 for antipodal pairs. Insensitive to scale and
    rotation. It is no evidence by itself: over all features of a tight frame the mean is m / n,
    whatever the arrangement. NaN when nothing is represented. `W` is
    `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import antipodal_pairs
    >>> round(float(mean_dimensionality(antipodal_pairs(3))), 6)
    0.5

    Source: Elhage et al. 2022, "Toy Models of Superposition", feature dimensionality.
    """
    R = represented(W, threshold)
    total = np.where(R, dimensionality(W), 0).sum(axis=-1)
    return _vectors.ratio(total, n_represented(W, threshold))
