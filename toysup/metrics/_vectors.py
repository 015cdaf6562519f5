"""What the metrics share: W with its faults made NaN, its columns' lengths and directions."""

import numpy as np

NEXT_TO_NONE = 1e-4  # of the largest hidden unit's weights


def matrix(W: np.ndarray) -> np.ndarray:
    """`W` in float64; a matrix with any entry that is not finite becomes NaN throughout."""
    W = np.asarray(W, dtype=float)
    return np.where(np.isfinite(W).all(axis=(-2, -1), keepdims=True), W, np.nan)


def ratio(numerator: np.ndarray | float, denominator: np.ndarray | float) -> np.ndarray:
    """`numerator / denominator`, NaN where the denominator is not positive."""
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    undefined = np.full(numerator.shape, np.nan)
    return np.divide(numerator, denominator, out=undefined, where=denominator > 0)[()]


def lengths(W: np.ndarray) -> np.ndarray:
    """a_i, the norm of each column: `(..., n_features)`."""
    return np.sqrt((matrix(W) ** 2).sum(axis=-2))


def directions(W: np.ndarray) -> np.ndarray:
    """u_i = w_i / a_i, NaN where a column is zero: `(..., d_hidden, n_features)`."""
    return ratio(matrix(W), lengths(W)[..., None, :])


def n_in_use(W: np.ndarray) -> np.ndarray:
    """How many rows of W, which are hidden units, are not zero throughout: `(...)`.

    A unit without weights is no dimension that features could spread over: an inactive latent of
    a variational autoencoder, or a ReLU that never fires; nor is one with next to none.
    """
    size = np.sqrt((matrix(W) ** 2).sum(axis=-1))
    largest = size.max(axis=-1, keepdims=True, initial=0)
    return (size > NEXT_TO_NONE * largest).sum(axis=-1)


def dimensions(W: np.ndarray) -> np.ndarray:
    """m, the hidden dimensions in use, as the formulas take it: NaN where there are none."""
    used = n_in_use(W)
    return np.where(used > 0, used, np.nan)[()]
