"""How long the directions are (Elhage et al. 2022)."""

import numpy as np

from toysup.metrics import _vectors, column


@column(
    kind="list",
    unit="hidden units per unit of a feature",
    scale_free=False,
    source="Elhage et al. 2022, transformer-circuits.pub",
)
def norms(W: np.ndarray) -> np.ndarray:
    """The length of each feature's direction.

        a_i = |w_i|

    Near 1 for a feature that a tied autoencoder represents, near 0 for one that it drops. A
    cosine loss leaves the scale free. Insensitive to rotation. `W` is
    `(..., d_hidden, n_features)`, the result `(..., n_features)`.

    >>> norms([[3.0, 0.0], [4.0, 1.0]]).tolist()
    [5.0, 1.0]

    Source: Elhage et al. 2022, "Toy Models of Superposition".
    """
    return _vectors.lengths(W)


@column(
    unit="dimensions per feature",
    scale_free=False,
    source="Elhage et al. 2022, transformer-circuits.pub",
)
def dimensions_per_feature(W: np.ndarray) -> np.ndarray:
    """Hidden dimensions per represented feature, with the squared norm as the count of features.

        D* = m / |W|_F^2 = m / sum_i a_i^2,  m = hidden dimensions in use

    1 for m orthonormal features, 1/2 on the plateau of antipodal pairs, 2/5 for the pentagon. It
    means this only where represented features have norm 1, as in a tied autoencoder: it changes
    with the scale of W. Insensitive to rotation, and to how the features are arranged. NaN for a
    W of zeros. `W` is `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import polygon
    >>> round(float(dimensions_per_feature(polygon(5))), 6)
    0.4

    Source: Elhage et al. 2022, "Toy Models of Superposition", the geometry of superposition.
    """
    energy = (_vectors.lengths(W) ** 2).sum(axis=-1)
    return _vectors.ratio(_vectors.dimensions(W), energy)
