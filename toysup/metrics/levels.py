"""Whether features sit on the levels of simple shapes, and in antipodal pairs (Elhage et al. 2022).

Both are needed: in an even spread of 2 m features over m dimensions every one has 1/2, and none
an antipode.
"""

import numpy as np

from toysup.metrics import _vectors, column
from toysup.metrics.dimensionality import dimensionality
from toysup.metrics.represented import REPRESENTED, cosine_rows, n_represented, represented

# Dimensionality of a feature in a shape that has its subspace to itself.
LEVELS = {
    1: "alone",
    3 / 4: "tetrahedron",
    2 / 3: "triangle",
    1 / 2: "digon",
    2 / 5: "pentagon",
    3 / 8: "square antiprism",
}
NEAR = 0.02  # of a level; the windows cover a fifth of [0, 1]
ANTIPODE = -0.95  # a cosine below this is the opposite direction for practical purposes


@column(source="toysup; the lines are those of Elhage et al. 2022, feature dimensionality")
def near_energy_level(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """The share of represented features whose dimensionality is that of a simple shape.

        |{i in R : min_k |D_i - level_k| <= 0.02}| / r,  levels 1, 3/4, 2/3, 1/2, 2/5, 3/8

    1 where all are corners of tetrahedra, triangles, digons, pentagons or antiprisms in orthogonal
    subspaces. By chance: 0.21 where D_i is anything in [0, 1]; 0.33 in random tight frames of 40 to
    80 features in 30 dimensions. It is no evidence where the mean, m / r in an even spread, is a
    level itself, as at r = 2 m: see `antipodal_fraction`. Insensitive to scale, rotation and
    signs. NaN when nothing is represented. `W` is `(..., d_hidden, n_features)`, the result
    `(...)`.

    >>> from toysup.geometry import polygon
    >>> float(near_energy_level(polygon(5))), float(near_energy_level(polygon(7)))
    (1.0, 0.0)

    Source: toysup; Elhage et al. 2022, "Toy Models of Superposition", the geometry of
    superposition, for the levels.
    """
    away = np.abs(dimensionality(W)[..., None] - np.array(list(LEVELS))).min(axis=-1)
    near = represented(W, threshold) & (away <= NEAR)
    return _vectors.ratio(near.sum(axis=-1), n_represented(W, threshold))


@column(source="Elhage et al. 2022, transformer-circuits.pub")
def antipodal_fraction(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """The share of represented features that have an opposite: one with a cosine below -0.95.

        |{i in R : min_{j in R} c_ij < -0.95}| / r

    1 for antipodal pairs, 0 for orthogonal columns and pentagons, and nearly 0 for anything random
    in more than a few dimensions. Insensitive to scale, norms and rotation. NaN when r < 2. `W` is
    `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import antipodal_pairs
    >>> float(antipodal_fraction(antipodal_pairs(3)))
    1.0

    Source: Elhage et al. 2022, "Toy Models of Superposition", the geometry of superposition.
    """
    opposite = sum(
        (cosine < ANTIPODE).any(axis=-1).sum(axis=-1) for _, cosine, _ in cosine_rows(W, threshold)
    )
    r = n_represented(W, threshold)
    return np.where(r >= 2, _vectors.ratio(opposite, r), np.nan)[()]
