"""What becomes of the last feature, the one that a phase diagram varies (Elhage et al. 2022)."""

import numpy as np

from toysup.metrics import _vectors, column

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
