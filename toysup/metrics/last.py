"""What becomes of the last feature, the one that a phase diagram varies (Elhage et al. 2022)."""

import numpy as np

from toysup.metrics import _vectors, column
from toysup.theory.contrastive_phases import relative_length_and_overlap

PAPER = "Elhage et al. 2022, transformer-circuits.pub"


@column(unit="hidden units per unit of a feature", scale_free=False, source=PAPER)
def last_norm(W: np.ndarray) -> np.ndarray:
    """The length of the last feature's direction.

    In a tied autoencoder near 0 where it is ignored, near 1 where it is represented. Insensitive to
    rotation. NaN without any features. `W` is `(..., d_hidden, n_features)`, the result `(...)`.

    >>> float(last_norm([[1.0, 0.6], [0.0, 0.8]]))
    1.0

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 3.
    """
    norms = _vectors.lengths(W)
    return norms[..., -1] if norms.shape[-1] else np.full(norms.shape[:-1], np.nan)[()]


@column(unit="squared norm", scale_free=False, source=PAPER)
def last_interference(W: np.ndarray) -> np.ndarray:
    """How strongly the other features answer along the last feature's direction.

        sum_{j != n} (u_n . w_j)^2

    0 where it has a dimension to itself, 1 beside one antipodal twin of norm 1. Insensitive to
    rotation, signs, and its own norm. NaN where it is zero or not there, and has no direction.
    `W` is `(..., d_hidden, n_features)`, the result `(...)`.

    >>> float(last_interference([[1.0, 0.6], [0.0, 0.8]])).__round__(2)
    0.36

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 3.
    """
    W = _vectors.matrix(W)
    onto = _vectors.directions(W)[..., -1:].mT @ W[..., :-1]
    total = (onto**2).sum(axis=(-2, -1))
    return total if W.shape[-1] else np.full_like(total, np.nan)[()]


@column(unit="length of the longest direction", source="toysup")
def last_relative_norm(W: np.ndarray) -> np.ndarray:
    """The length of the last feature's direction over that of the longest one.

        a_n / max_j a_j

    0 where the last feature is ignored, 1 where none is longer. Insensitive to rotation and to the
    scale of W, which a contrastive loss leaves free. NaN for a W of zeros or without features. `W`
    is `(..., d_hidden, n_features)`, the result `(...)`.

    >>> float(last_relative_norm([[2.0, -1.0]]))
    0.5

    Source: toysup, for the phases of Elhage et al. 2022, section 3.
    """
    return relative(W)[0]


@column(unit="squared length of the longest direction", source="toysup")
def last_overlap(W: np.ndarray) -> np.ndarray:
    """How strongly the other features answer along the last feature's direction, without scale.

        sum_{j != n} (u_n . w_j)^2 / max_j a_j^2

    0 where it has a dimension to itself, 1 beside one antipodal twin that is the longest, and 1/m
    for a corner of a simplex in m dimensions. Insensitive to rotation, signs, its own length and
    the scale of W. NaN where the last feature is zero or not there. `W` is
    `(..., d_hidden, n_features)`, the result `(...)`.

    >>> float(last_overlap([[2.0, -1.0]]))
    1.0

    Source: toysup, for the phases of Elhage et al. 2022, section 3.
    """
    return relative(W)[1]


def relative(W: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    W = _vectors.matrix(W)
    if not W.shape[-1]:
        nothing = np.full(W.shape[:-2], np.nan)[()]
        return nothing, nothing
    return relative_length_and_overlap(W)
