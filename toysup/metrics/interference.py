"""How much features disturb each other, held against random directions and against the optimum.

The frame potential is Benedetto & Fickus 2003's; only positive interference passes a ReLU
(Elhage et al. 2022).
"""

import numpy as np

from toysup.geometry import known_packing, of_each, random_cosine_square_sum, welch_bound
from toysup.metrics import _vectors, column
from toysup.metrics.represented import (
    REPRESENTED,
    n_represented,
    off_diagonal,
    row_blocks,
    sum_over_pairs,
)

Count = int | np.ndarray


def on_scale_of_squares(total: np.ndarray, r: Count, m: Count) -> np.ndarray:
    """T from sum_{i != j} c_ij^2 of `r` directions in `m` dimensions."""
    null, bound = random_cosine_square_sum(r, m), welch_bound(r, m)
    return _vectors.ratio(total - bound, null - bound)


def on_scale_of_positives(total: np.ndarray, r: Count, m: Count) -> np.ndarray:
    """P from sum_{i != j} relu(c_ij)^2 of `r` directions in `m` dimensions."""
    return _vectors.ratio(total, random_cosine_square_sum(r, m) / 2)


@column(
    kind="list",
    unit="squared norm",
    scale_free=False,
    source="Elhage et al. 2022, transformer-circuits.pub",
)
def interference(W: np.ndarray) -> np.ndarray:
    """How strongly the other features answer along a feature's direction.

        sum_{j != i} (u_i . w_j)^2

    0 when feature i is orthogonal to the rest, 1 beside one antipodal twin of norm 1, 3/2 at a
    corner of the unit pentagon. It grows with the square of the scale. Insensitive to rotation,
    signs, and the feature's own norm. NaN for a zero column, which has no direction. `W` is
    `(..., d_hidden, n_features)`, the result `(..., n_features)`.

    >>> from toysup.geometry import polygon
    >>> interference(polygon(5)).round(6).tolist()
    [1.5, 1.5, 1.5, 1.5, 1.5]

    Source: Elhage et al. 2022, "Toy Models of Superposition", the colour of the stack plots.
    """
    W, U = _vectors.matrix(W), _vectors.directions(W)
    n = W.shape[-1]

    def of_rows(rows):
        return np.where(off_diagonal(rows, n), (U.mT[..., rows, :] @ W) ** 2, 0).sum(axis=-1)

    return np.concatenate([of_rows(rows) for rows in row_blocks(n)], axis=-1)


@column(source="Benedetto & Fickus 2003; Welch 1974")
def squared_interference(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """T, the squared cosines of represented features: 0 at the least possible, 1 at random.

        T = (sum_{i != j in R} c_ij^2 - bound) / (null - bound)
        null = r (r - 1) / m,  bound = max(0, r (r - m) / m),  m = hidden dimensions in use

    0 for orthogonal columns and for every equal-norm tight frame (polygons, antipodal pairs, but
    also five axes each four times: T does not see signs), 1 on average for random directions,
    above 1 when features share directions. Insensitive to scale, norms and rotation. NaN when
    r < 2, and in one dimension, where every cosine is 1 or -1 and nothing can be better or worse.
    `W` is `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import polygon
    >>> round(float(squared_interference(polygon(5))), 6) + 0
    0.0

    Source: Benedetto & Fickus 2003, "Finite normalized tight frames"; Welch 1974.
    """
    total = sum_over_pairs(np.square, W, threshold)
    return on_scale_of_squares(total, n_represented(W, threshold), _vectors.dimensions(W))


@column(source="toysup; after Elhage et al. 2022, where a ReLU removes negative interference")
def positive_interference(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """P, the squared positive cosines of represented features, as a share of random directions'.

        P = sum_{i != j in R} relu(c_ij)^2 / (r (r - 1) / (2 m)),  m = hidden dimensions in use

    0 when no two features point the same way (orthogonal columns, antipodal pairs, simplices), 1
    on average for random directions, 2 m when all are one direction. Insensitive to scale, norms
    and rotation, and to negative cosines, which a ReLU forgives. NaN when r < 2. `W` is
    `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import antipodal_pairs, polygon
    >>> float(positive_interference(antipodal_pairs(5))), round(float(
    ...     positive_interference(polygon(5))), 6)
    (0.0, 0.190983)

    Source: toysup; after Elhage et al. 2022, "Toy Models of Superposition".
    """
    total = sum_over_pairs(lambda c: np.maximum(c, 0) ** 2, W, threshold)
    return on_scale_of_positives(total, n_represented(W, threshold), _vectors.dimensions(W))


@column(source="toysup; the optimum by direct minimisation, optima.json")
def minimisation_index(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """How far from random directions to the best packing the represented features have come.

        (1 - P) / (1 - P*),  P* = the least P of r directions told apart in the m dimensions in use

    1 at the best packing, 0 for random directions, negative when features seek each other. P* is
    0 up to r = 2 m, so there it is 1 - P. Where features share directions it may be above 1: P*
    is of codes without a cosine above `toysup.geometry.told_apart_cosine`. Insensitive to what P is
    insensitive to. NaN when r < 2, or where P* is not known without a search. `W` is
    `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import polygon
    >>> round(float(minimisation_index(polygon(5))), 6)
    1.0

    Source: toysup; the optimum as in `toysup.geometry.optimum`.
    """
    best = of_each(known_packing, n_represented(W, threshold), _vectors.dimensions(W))
    return _vectors.ratio(1 - positive_interference(W, threshold), 1 - best)


@column(source="toysup; the frame potential of Benedetto & Fickus 2003 with norms")
def weighted_interference(W: np.ndarray) -> np.ndarray:
    """The squared inner products of all features, as a share of random directions of these norms.

        sum_{i != j} (w_i . w_j)^2 / (((sum_i a_i^2)^2 - sum_i a_i^4) / m)
        m = hidden dimensions in use

    0 for orthogonal columns, 1 on average for random directions with the same norms, m when all
    share one line. It needs no rule for which features count: weak ones weigh little. It is
    insensitive to scale, rotation and signs. NaN when fewer than two columns are not zero. `W` is
    `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import antipodal_pairs
    >>> round(float(weighted_interference(antipodal_pairs(2))), 6)
    0.666667

    Source: toysup; Benedetto & Fickus 2003, "Finite normalized tight frames".
    """
    W = _vectors.matrix(W)
    energy = _vectors.lengths(W) ** 2
    own = (energy**2).sum(axis=-1)
    pairs = energy.sum(axis=-1) ** 2 - own
    # Rounding leaves a trace of the square where only one column is there.
    pairs = np.where((energy > 0).sum(axis=-1) > 1, pairs, 0)
    rows = row_blocks(W.shape[-1])
    total = sum(((W.mT[..., some, :] @ W) ** 2).sum(axis=(-2, -1)) for some in rows) - own
    return _vectors.ratio(total, pairs / _vectors.dimensions(W))
