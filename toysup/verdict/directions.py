"""What the directions of each W show, in all of the hidden dimensions that there are.

The columns of the results count a dimension where its row of W is not zero. A verdict asks more: a
code that leaves dimensions out has not spread as far as it could, whichever way it is turned.
"""

import math

import numpy as np

from toysup.geometry import EXPONENTIAL_TEMPERATURE, sharing_cosine, told_apart_cosine
from toysup.metrics import _vectors
from toysup.metrics.interference import on_scale_of_positives, on_scale_of_squares
from toysup.metrics.rank import n_active
from toysup.metrics.represented import cosines, mean_over, n_represented

ROOM = 0.9  # of the angle of codes told apart: below that noise of a few percent leaves them
ONE = 0.25  # of the angle at which two directions count as one: these are one, and no neighbours
NAMES = (
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


def narrower(cosine: float, share: float) -> float:
    """The cosine of a share of the angle that has this cosine."""
    return math.cos(share * math.acos(cosine))


def same_cosine(r: int, m: int) -> float:
    """The cosine above which two of `r` directions in `m` dimensions are one by any measure: that
    of a quarter of the angle at which they count as one, 4.5 degrees.

    >>> round(same_cosine(5, 2), 3)
    0.997
    """
    return narrower(sharing_cosine(r, m), ONE)


def close_cosine(r: int, m: int) -> float:
    """The cosine above which two of `r` directions in `m` dimensions are closer than any two of a
    code that is told apart, with room for noise: 33 degrees, or less where they crowd.

    >>> round(close_cosine(20, 5), 3)
    0.841
    """
    return narrower(told_apart_cosine(r, m), ROOM)


def shown_by(W: np.ndarray, threshold: float) -> np.ndarray:
    """The numbers in NAMES of each W `(matrices, d_hidden, n_features)`: `(matrices, NAMES)`.

    NaN where fewer than two features are represented, and T in one dimension.
    """
    m = W.shape[-2]
    cosine, pairs = cosines(W, threshold)
    r = n_represented(W, threshold)
    nearest = np.where(pairs, cosine, -1.0).max(axis=-1, initial=-1.0)
    squares = (cosine**2).sum(axis=(-2, -1))

    def share_above(cosine_of) -> np.ndarray:
        least = {k: cosine_of(k, m) if k >= 2 else math.nan for k in set(r.tolist())}
        some = (nearest > np.array([[least[k]] for k in r.tolist()])).sum(axis=-1)
        return np.where(r >= 2, some / np.maximum(1, r), np.nan)

    found = (
        r,
        n_active(W),
        on_scale_of_squares(squares, r, m),
        on_scale_of_positives((np.maximum(cosine, 0) ** 2).sum(axis=(-2, -1)), r, m),
        mean_over(np.exp(cosine / EXPONENTIAL_TEMPERATURE), pairs),
        *(share_above(f) for f in (sharing_cosine, same_cosine, close_cosine)),
        _vectors.ratio(r**2, r + squares),
        mean_over(cosine, pairs),
    )
    return np.stack(found, axis=-1)
