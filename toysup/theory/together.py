"""Pairs of features that occur together, as points with weights. Elhage et al. 2022, section 4."""

import itertools

import numpy as np

from toysup.theory.minima import FeatureDistribution

POINTS = 4  # Gauss-Legendre, for each amplitude: 17 points a pair, 4,913 of three pairs


def pairs_together(p: float, pairs: int) -> FeatureDistribution:
    """Features 2k and 2k + 1 are present together with probability p, pairs apart from each other.

    Each feature that is present is U[0, 1), by itself: it is what `features.correlated` samples
    with a cooccurrence of 1.

    >>> features = pairs_together(0.3, 2)
    >>> features.x.shape, round(float(features.weight @ features.x[0] ** 2), 6)
    ((4, 289), 0.1)

    Source: Elhage et al. 2022, "Toy Models of Superposition", collapsing of correlated features.
    """
    at, share = np.polynomial.legendre.leggauss(POINTS)
    at, share = (at + 1) / 2, share / 2
    pair = np.array([[0.0, 0.0], *itertools.product(at, repeat=2)])
    weight = np.r_[1 - p, p * np.outer(share, share).ravel()]
    places = np.array(list(itertools.product(range(len(pair)), repeat=pairs)))
    return FeatureDistribution(
        pair[places].reshape(len(places), -1).T, np.prod(weight[places], axis=1)
    )
