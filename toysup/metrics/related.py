"""The cosines between features that the feature distribution relates, and between the others.

Features are related that occur together, exclude each other, or are neighbours (Prieto et al.
2026: what correlations do to superposition).
"""

import numpy as np

from toysup.metrics import column
from toysup.metrics.coherence import COLLINEAR
from toysup.metrics.represented import REPRESENTED, cosine_rows, mean_over_pairs


@column(source="toysup; Hacker News item 44044013: similar features collapse into one direction")
def related_cosine(
    W: np.ndarray, partners: np.ndarray, threshold: float = REPRESENTED
) -> np.ndarray:
    """The mean cosine between represented features that the feature distribution relates.

        mean of c_ij over i, j in R with partners_ij

    1 where each such pair has collapsed into one direction, 0 where they are orthogonal, -1 where
    antipodal. Compare it with the same pairs under features that are not related, not with 0.
    Insensitive to scale, norms, rotation and all other pairs. NaN when no such pair is
    represented. `W` is `(..., d_hidden, n_features)`, `partners` a symmetric mask
    `(..., n_features, n_features)`, and the result `(...)`.

    >>> partners = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], bool)
    >>> float(related_cosine([[1.0, 2.0, 0.0], [0.0, 0.0, 1.0]], partners))
    1.0

    Source: toysup; the claim it measures is in the discussion Hacker News item 44044013.
    """
    return mean_over_pairs(np.asarray, W, threshold, partners)


@column(source="toysup; the baseline of related_cosine")
def unrelated_cosine(
    W: np.ndarray, partners: np.ndarray, threshold: float = REPRESENTED
) -> np.ndarray:
    """The mean cosine between represented features that the feature distribution does not relate.

        mean of c_ij over i != j in R without partners_ij

    Compare `related_cosine` with it: a code that leans to one side raises both. The mean over all
    pairs if no features are related. Insensitive to scale, norms, rotation and related pairs.
    NaN when no such pair is represented. `W` is `(..., d_hidden, n_features)`, `partners` a
    symmetric mask `(..., n_features, n_features)`, and the result `(...)`.

    >>> partners = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], bool)
    >>> float(unrelated_cosine([[1.0, 2.0, 0.0], [0.0, 0.0, 1.0]], partners))
    0.0

    Source: toysup.
    """
    return mean_over_pairs(np.asarray, W, threshold, ~partners)


@column(source="toysup; Elhage et al. 2022, correlated features are orthogonal")
def related_squared_cosine(
    W: np.ndarray, partners: np.ndarray, threshold: float = REPRESENTED
) -> np.ndarray:
    """The mean squared cosine between related features, where both are represented.

        mean of c_ij^2 over i, j in R with partners_ij

    0 where each such pair is orthogonal, 1 where each shares a line, side by side or opposed: the
    mean cosine is 0 too where half of the pairs are each of these. Random directions have 1 / m.
    Insensitive to scale, norms, rotation and all other pairs. NaN when no such pair is
    represented. `W` is `(..., d_hidden, n_features)`, `partners` a symmetric mask
    `(..., n_features, n_features)`, and the result `(...)`.

    >>> partners = np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]], bool)
    >>> round(float(related_squared_cosine([[1.0, -1.0, 0.0], [0.0, 0.0, 1.0]], partners)), 6)
    0.333333

    Source: toysup, for Elhage et al. 2022, "Toy Models of Superposition", section 4.
    """
    return mean_over_pairs(np.square, W, threshold, partners)


@column(source="toysup; the baseline of related_squared_cosine")
def unrelated_squared_cosine(
    W: np.ndarray, partners: np.ndarray, threshold: float = REPRESENTED
) -> np.ndarray:
    """The mean squared cosine between represented features that are not related.

        mean of c_ij^2 over i != j in R without partners_ij

    Where related features are orthogonal, all of the interference is here: n / m - 1 a feature in
    a tight frame of n unit vectors. The mean over all pairs if no features are related.
    Insensitive to scale, norms, rotation and related pairs. NaN when no such pair is represented.
    `W` is `(..., d_hidden, n_features)`, `partners` a symmetric mask
    `(..., n_features, n_features)`, and the result `(...)`.

    >>> partners = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], bool)
    >>> float(unrelated_squared_cosine([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]], partners))
    0.5

    Source: toysup.
    """
    return mean_over_pairs(np.square, W, threshold, ~partners)


@column(
    kind="int", unit="pairs", source="toysup; Elhage et al. 2022, collapsing of correlated features"
)
def collapsed_pairs(
    W: np.ndarray, partners: np.ndarray, threshold: float = REPRESENTED
) -> np.ndarray:
    """How many pairs of related features share one direction, where both are represented.

        |{i < j in R : partners_ij and c_ij > 0.9}|

    0 where each feature has a direction of its own. Insensitive to scale, norms, rotation and all
    other pairs. `W` is `(..., d_hidden, n_features)`, `partners` a symmetric mask
    `(..., n_features, n_features)`, and the result `(...)`.

    >>> partners = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], bool)
    >>> int(collapsed_pairs([[1.0, 2.0, 0.0], [0.0, 0.5, 1.0]], partners))
    1

    Source: toysup, for Elhage et al. 2022, "Toy Models of Superposition", section 4.
    """
    both = [
        (pairs & partners[..., rows, :] & (cosine > COLLINEAR)).sum(axis=(-2, -1))
        for rows, cosine, pairs in cosine_rows(W, threshold)
    ]
    return np.sum(both, axis=0) // 2
