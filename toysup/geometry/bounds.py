"""What squared cosines are on average, and the least that any directions can have."""

import numpy as np


def random_cosine_square_sum(r, m):
    """What `sum_{i != j} c_ij^2` is on average for `r` random directions: r (r - 1) / m."""
    return r * (r - 1) / m


def welch_bound(r, m):
    """The least `sum_{i != j} c_ij^2` of `r` unit vectors in `m` dimensions: max(0, r (r - m) / m).

    Met by orthogonal columns and by equal-norm tight frames, such as every regular polygon.

    >>> float(welch_bound(5, 2))
    7.5

    Source: Welch 1974; Benedetto & Fickus 2003, "Finite normalized tight frames".
    """
    return np.maximum(0, r * (r - m) / m).astype(float)[()]


def rankin_bound(r: int, m: int) -> float:
    """The least possible largest cosine of `r >= 2` unit vectors, as far as `r <= 2 m` decides it.

    -1/(r - 1) up to a simplex (r <= m + 1), then 0 up to antipodal pairs (r <= 2 m). Beyond that
    some cosine is positive, and 0 is only a bound.

    Source: Rankin 1955, "The closest packing of spherical caps in n dimensions".
    """
    return -1 / (r - 1) if r <= m + 1 else 0.0
