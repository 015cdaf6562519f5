"""How far apart features are under the potential of a contrastive loss (Wang & Isola 2020)."""

import numpy as np

from toysup.geometry import (
    EXPONENTIAL_TEMPERATURE,
    known_exponential,
    of_each,
    random_exponential,
)
from toysup.metrics import _vectors, column
from toysup.metrics.represented import REPRESENTED, mean_over_pairs, n_represented


def exponential_energy(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """E, the mean of exp(c_ij / 0.1) over i != j in R: `(..., d_hidden, n_features)` to `(...)`."""
    return mean_over_pairs(lambda c: np.exp(c / EXPONENTIAL_TEMPERATURE), W, threshold)


@column(source="toysup; the potential of Wang & Isola 2020, the optimum of Cohn & Kumar 2007")
def exponential_index(W: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """How far from random directions to the code of least mean exp(c / 0.1) the features have come.

        (ln E_random - ln E) / (ln E_random - ln E*),  E = the mean of exp(c_ij / 0.1), i != j in R
        E* = the least E of r directions in the m dimensions in use

    1 at the best code: simplices, antipodal pairs, regular polygons; about 0 for random
    directions, whose ln E is on average a little less than the logarithm of the average; below 0
    where features share a direction, as one pair at a cosine of 1 has 22026 times the energy of an
    orthogonal pair. It is the second opinion on `minimisation_index`: its energy is a contrastive
    loss's, the other's is near an autoencoder's. Orthogonal columns fall short of 1, as those of a
    simplex are further apart. Insensitive to scale, norms and rotation. NaN when r < 2, or where
    E* is not known without a search. `W` is `(..., d_hidden, n_features)`, the result `(...)`.

    >>> from toysup.geometry import polygon
    >>> round(float(exponential_index(polygon(7))), 6)
    1.0

    Source: toysup; Wang & Isola 2020, "Understanding contrastive representation learning through
    alignment and uniformity on the hypersphere"; Cohn & Kumar 2007.
    """
    m = _vectors.dimensions(W)
    best = np.log(of_each(known_exponential, n_represented(W, threshold), m))
    null = np.log(random_exponential(m))
    return _vectors.ratio(null - np.log(exponential_energy(W, threshold)), null - best)
