"""How many dimensions a code uses, and how evenly (participation ratios of its spectrum)."""

import numpy as np

from toysup.metrics import _vectors, column
from toysup.metrics.represented import REPRESENTED, n_represented, sum_over_pairs


@column(kind="int", unit="dimensions", source="toysup; Burda et al. 2016 (active latent units)")
def n_active(W: np.ndarray) -> np.ndarray:
    """How many hidden dimensions are in use: rows of W with weights that are not negligible.

        m = |{d : |W_d| > 1e-4 max_e |W_e|},  W_d = row d of W

    d_hidden where every hidden unit takes part; less where a ReLU never fires, or a variational
    autoencoder has switched latents off. Every other metric that counts dimensions counts these
    alone, so that unused room is not taken for good order. Insensitive to scale; a rotation that
    mixes a unit in use with one that is not changes it. 0 for a W of zeros. `W` is
    `(..., d_hidden, n_features)`, the result `(...)`.

    >>> int(n_active([[1.0, 0.0], [0.0, 0.0], [0.5, 2.0]]))
    2

    Source: toysup; Burda et al. 2016, "Importance Weighted Autoencoders", for active units.
    """
    return _vectors.n_in_use(W)


@column(unit="dimensions", source="Gao et al. 2017 (participation ratio)")
def effective_rank(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """How many dimensions the directions of the represented features spread over.

        (tr G)^2 / tr(G^2),  G = the Gram matrix of the unit columns in R

    1 when all share one line, at most min(m, r), which orthogonal columns and equal-norm tight
    frames reach. Insensitive to scale, norms, rotation and signs. NaN when nothing is
    represented. `W` is `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import polygon
    >>> round(float(effective_rank(polygon(5))), 6)
    2.0

    Source: Gao et al. 2017, "A theory of multineuronal dimensionality, dynamics and measurement".
    """
    r = n_represented(W, threshold)
    return _vectors.ratio(r**2, r + sum_over_pairs(np.square, W, threshold))


@column(source="Waldron 2018 (tight frames); Benedetto & Fickus 2003")
def tightness(W: np.ndarray) -> np.ndarray:
    """How evenly W fills its dimensions: 1 for a tight frame.

        (tr F)^2 / (m tr(F^2)),  F = W W^T,  m = hidden dimensions in use

    1 when every dimension carries the same energy (a whitened code), 1/m when one carries all.
    It looks at all features with their norms. Insensitive to scale, to rotation, and to any
    arrangement of the features that leaves F alone. NaN for a W of zeros. `W` is
    `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import polygon
    >>> round(float(tightness(polygon(5))), 6)
    1.0

    Source: Waldron 2018, "An Introduction to Finite Tight Frames"; Benedetto & Fickus 2003.
    """
    W = _vectors.matrix(W)
    F = W @ W.mT
    trace = np.trace(F, axis1=-2, axis2=-1)
    return _vectors.ratio(trace**2, _vectors.dimensions(W) * (F**2).sum(axis=(-2, -1)))
