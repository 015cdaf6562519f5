"""Which features share a direction: whether there are as many directions as features."""

import numpy as np

from toysup.geometry import of_each, sharing_cosine
from toysup.metrics import _vectors, column
from toysup.metrics.represented import REPRESENTED, cosine_rows, n_represented


def sharing_cosines(r: np.ndarray, m: np.ndarray) -> np.ndarray:
    """`geometry.sharing_cosine` of each (r, m); 1, which nothing exceeds, for fewer than two."""
    return of_each(lambda r, m: sharing_cosine(int(r), int(m)) if r >= 2 and m >= 1 else 1.0, r, m)


@column(source="toysup; Hacker News item 44044013: similar features collapse into one direction")
def sharing_fraction(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """The share of represented features that point the same way as another one.

        |{i in R : max_{j != i in R} c_ij > s}| / r,  s = 0.95, or more in crowded dimensions

    0 when all features are told apart, 1 when each has a twin: antipodal pairs 0, the same with
    every feature doubled 1. s is above 0.95 only where the best code of that size has neighbours
    that close. Insensitive to scale, norms and rotation; opposite directions do not count. NaN
    when r < 2. `W` is `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import antipodal_pairs
    >>> float(sharing_fraction(np.eye(3)[:, [0, 0, 1, 2]])), float(
    ...     sharing_fraction(antipodal_pairs(3)))
    (0.5, 0.0)

    Source: toysup; the sentence it measures is in the discussion Hacker News item 44044013.
    """
    r = n_represented(W, threshold)
    least = sharing_cosines(r, _vectors.dimensions(W))
    twins = sum(
        (pairs & (cosine > least[..., None, None])).any(axis=-1).sum(axis=-1)
        for _, cosine, pairs in cosine_rows(W, threshold)
    )
    return np.where(r >= 2, _vectors.ratio(twins, r), np.nan)[()]
