"""The cosines between represented features, summed up (Welch 1974: coherence of vectors).

These describe and never decide a verdict: the best packing's mean |cos| is within 0.4 sd of random
directions', and a perfect antipodal code has max |cos| = 1.
"""

import numpy as np

from toysup.metrics import column
from toysup.metrics.represented import REPRESENTED, cosine_rows, mean_over_pairs

COLLINEAR = 0.9  # a cosine above this is one direction for practical purposes


def _largest(W: np.ndarray, threshold: float, sign: int) -> np.ndarray:
    """The largest of sign c_ij over the pairs; NaN where there are none."""
    largest, some = np.full(np.shape(W)[:-2], -1.0), False
    for _, cosine, pairs in cosine_rows(W, threshold):
        of_rows = (sign * cosine).max(axis=(-2, -1), where=pairs, initial=-1.0)
        largest, some = np.maximum(largest, of_rows), some | pairs.any(axis=(-2, -1))
    return np.where(some, largest, np.nan)[()]


@column(source="Welch 1974; Elhage et al. 2022")
def mean_abs_cosine(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """The mean |cos| between represented features.

        sum_{i != j in R} |c_ij| / (r (r - 1))

    0 for orthogonal columns, 1 when all share one line. Insensitive to scale, norms, rotation and
    signs, and nearly so to the difference between the best packing and random directions. NaN
    when r < 2. `W` is `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import polygon
    >>> round(float(mean_abs_cosine(polygon(3))), 6)
    0.5

    Source: Welch 1974, "Lower bounds on the maximum cross correlation of signals".
    """
    return mean_over_pairs(np.abs, W, threshold)


@column(source="Welch 1974; Rankin 1955")
def max_cosine(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """The largest cosine between represented features: how close the closest two are.

        max_{i != j in R} c_ij

    -1/(r - 1) at a simplex, 0 for antipodal pairs, 1 when two features share a direction.
    Insensitive to scale, norms, rotation, and every pair but one. NaN when r < 2. `W` is
    `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import polygon
    >>> round(float(max_cosine(polygon(5))), 6)
    0.309017

    Source: Rankin 1955, "The closest packing of spherical caps in n dimensions".
    """
    return _largest(W, threshold, 1)


@column(source="Welch 1974")
def min_cosine(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """The smallest cosine between represented features: -1 where two are antipodal.

        min_{i != j in R} c_ij

    Insensitive to scale, norms, rotation, and every pair but one. NaN when r < 2. `W` is
    `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import antipodal_pairs
    >>> float(min_cosine(antipodal_pairs(2)))
    -1.0

    Source: Welch 1974, "Lower bounds on the maximum cross correlation of signals".
    """
    return -_largest(W, threshold, -1)


@column(source="toysup; Wang & Isola 2020 for the cone of a contrastive code")
def mean_cosine(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """The mean cosine between represented features: whether they lean to one side.

        sum_{i != j in R} c_ij / (r (r - 1))

    -1/(r - 1), the least, when the directions sum to zero, 0 for random directions, 1 when all
    are one direction. Insensitive to scale, norms and rotation. NaN when r < 2. `W` is
    `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import simplex
    >>> round(float(mean_cosine(simplex(3))), 6)
    -0.333333

    Source: toysup; Wang & Isola 2020, "Understanding contrastive representation learning".
    """
    return mean_over_pairs(np.asarray, W, threshold)


@column(source="toysup; Hacker News item 44044013: similar features collapse into one direction")
def collinear_fraction(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """The share of pairs of represented features that share a direction (cosine above 0.9).

        |{i != j in R : c_ij > 0.9}| / (r (r - 1))

    0 when all are apart, 1 when all are one direction. Insensitive to scale, norms and rotation;
    antipodal twins do not count. NaN when r < 2. `W` is `(..., d_hidden, n_features)`, the result
    `(...)`.

    >>> float(collinear_fraction([[1.0, 1.0, 0.0], [0.0, 0.1, 1.0]])).__round__(6)
    0.333333

    Source: toysup; the claim it measures is in the discussion Hacker News item 44044013.
    """
    return mean_over_pairs(lambda c: (c > COLLINEAR).astype(float), W, threshold)
