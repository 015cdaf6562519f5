"""Measures of the directions of each W, over all hidden dimensions.

The columns of the results count a dimension only if its row of W is not zero. A verdict counts all
of them: a code that leaves out dimensions, in any basis, has not spread as far as it could.
"""

import math

import numpy as np

from toysup.geometry import EXPONENTIAL_TEMPERATURE, sharing_cosine, told_apart_cosine
from toysup.metrics import _vectors
from toysup.metrics.interference import on_scale_of_positives, on_scale_of_squares
from toysup.metrics.rank import n_active
from toysup.metrics.represented import cosine_rows, n_represented

CLOSE_ANGLE = 0.9  # of the angle in codes told apart: a margin for noise of a few percent
SAME_ANGLE = 0.25  # of the angle of sharing: these are the same direction, not neighbours
MEASURES = (
    "n_represented",
    "n_active",
    "squared_interference",
    "positive_interference",
    "exponential_energy",
    "sharing_fraction",
    "same_fraction",
    "close_fraction",
    "effective_rank",
    "mean_cosine",
)


def scale_angle(cosine: float, share: float) -> float:
    """The cosine of `share` times the angle with this cosine."""
    return math.cos(share * math.acos(cosine))


def same_cosine(r: int, m: int) -> float:
    """The cosine above which two of `r` directions in `m` dimensions are surely the same.

    It is the cosine of a quarter of the angle of `sharing_cosine`: 4.5 degrees or less.

    >>> round(same_cosine(5, 2), 3)
    0.997
    """
    return scale_angle(sharing_cosine(r, m), SAME_ANGLE)


def close_cosine(r: int, m: int) -> float:
    """The cosine above which two of `r` directions in `m` dimensions are too close.

    They are closer than any two of a code that is told apart, with a margin for noise: 33 degrees,
    or less if there are many directions.

    >>> round(close_cosine(20, 5), 3)
    0.841
    """
    return scale_angle(told_apart_cosine(r, m), CLOSE_ANGLE)


def measure(W: np.ndarray, threshold: float) -> np.ndarray:
    """MEASURES of each W, `(matrices, d_hidden, n_features)`: `(matrices, len(MEASURES))`.

    NaN if fewer than two features are represented; T is NaN in one dimension.
    """
    m = W.shape[-2]
    r = n_represented(W, threshold)
    nearest = []
    squares, positives, energy, total, count = np.zeros((5, len(W)))
    for _, cosine, pairs in cosine_rows(W, threshold):
        nearest.append(np.where(pairs, cosine, -1.0).max(axis=-1, initial=-1.0))
        squares += (cosine**2).sum(axis=(-2, -1))
        positives += (np.maximum(cosine, 0) ** 2).sum(axis=(-2, -1))
        exponentials = np.exp(cosine / EXPONENTIAL_TEMPERATURE)
        energy += np.where(pairs, exponentials, 0).sum(axis=(-2, -1))
        total += cosine.sum(axis=(-2, -1))
        count += pairs.sum(axis=(-2, -1))
    nearest = np.concatenate(nearest, axis=-1)

    def share_above(cosine_of) -> np.ndarray:
        least = {k: cosine_of(k, m) if k >= 2 else math.nan for k in set(r.tolist())}
        some = (nearest > np.array([[least[k]] for k in r.tolist()])).sum(axis=-1)
        return np.where(r >= 2, some / np.maximum(1, r), np.nan)

    values = (
        r,
        n_active(W),
        on_scale_of_squares(squares, r, m),
        on_scale_of_positives(positives, r, m),
        _vectors.ratio(energy, count),
        *(share_above(f) for f in (sharing_cosine, same_cosine, close_cosine)),
        _vectors.ratio(r**2, r + squares),
        _vectors.ratio(total, count),
    )
    return np.stack(values, axis=-1)
