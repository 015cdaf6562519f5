"""Which features a model represents, and the cosines between them (Elhage et al. 2022)."""

from collections.abc import Callable, Iterator

import numpy as np

from toysup.metrics import _vectors, column

# A relative rule, because a cosine loss leaves the scale of W free. The report says what 0.2 and
# 0.5 would change.
REPRESENTED = 0.3
# Rows of the cosines at a time: of 4,000 features all would take 0.1 GB, several times over.
ROWS_AT_ONCE = 512


def represented(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """R as a mask: a_i > threshold max_j a_j. `(..., n_features)`."""
    a = _vectors.lengths(W)
    return a > threshold * a.max(axis=-1, keepdims=True, initial=0)


def cosines(W: np.ndarray, threshold: float = REPRESENTED) -> tuple[np.ndarray, np.ndarray]:
    """c_ij, and which (i, j) are pairs i != j in R; c is 0 elsewhere: `(..., n, n)` both."""
    n = np.shape(W)[-1]
    ((_, cosine, pairs),) = cosine_rows(W, threshold, max(1, n))
    return cosine, pairs


def cosine_rows(
    W: np.ndarray, threshold: float = REPRESENTED, at_once: int = ROWS_AT_ONCE
) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
    """`cosines` some rows i at a time: which, and of these c_ij and the pairs, `(..., rows, n)`."""
    R = represented(W, threshold)
    U = np.where(R[..., None, :], _vectors.directions(W), 0)
    n = R.shape[-1]
    for rows in row_blocks(n, at_once):
        pairs = R[..., rows, None] & R[..., None, :] & off_diagonal(rows, n)
        yield rows, np.where(pairs, U.mT[..., rows, :] @ U, 0), pairs


def row_blocks(n: int, at_once: int = ROWS_AT_ONCE) -> list[slice]:
    """The rows of an n x n matrix in blocks; one block where there are none."""
    return [slice(start, start + at_once) for start in range(0, max(1, n), at_once)]


def off_diagonal(rows: slice, n: int) -> np.ndarray:
    """Which (i, j) of some rows have i != j, (rows, n)."""
    i = np.arange(n)
    return i[rows, None] != i


def sum_over_pairs(
    values: Callable[[np.ndarray], np.ndarray], W: np.ndarray, threshold: float = REPRESENTED
) -> np.ndarray:
    """The sum of `values(c_ij)` over the pairs, for values that are 0 at a cosine of 0; `(...)`."""
    rows = cosine_rows(W, threshold)
    return np.sum([values(cosine).sum(axis=(-2, -1)) for _, cosine, _ in rows], axis=0)


def mean_over_pairs(
    values: Callable[[np.ndarray], np.ndarray],
    W: np.ndarray,
    threshold: float = REPRESENTED,
    among: np.ndarray | None = None,
) -> np.ndarray:
    """The mean of `values(c_ij)` over the pairs that are `among` these, `(..., n, n)`; by default
    over all. NaN where there are none; `(...)`."""
    total = count = 0
    for rows, cosine, pairs in cosine_rows(W, threshold):
        chosen = pairs if among is None else pairs & among[..., rows, :]
        total = total + np.where(chosen, values(cosine), 0).sum(axis=(-2, -1))
        count = count + chosen.sum(axis=(-2, -1))
    return _vectors.ratio(total, count)


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
