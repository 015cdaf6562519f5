"""Codes with known cosines, as columns."""

from itertools import product

import numpy as np


def icosahedron():
    golden = (1 + np.sqrt(5)) / 2
    corners = [np.roll([0, a, b * golden], k) for k in range(3) for a in (1, -1) for b in (1, -1)]
    return np.array(corners).T / np.sqrt(1 + golden**2)


def d_roots(m):
    """(+-1, +-1, 0, ...) in all places: at m = 4 the 24-cell."""
    roots = []
    for i in range(m):
        for j in range(i):
            for signs in product((1, -1), repeat=2):
                root = np.zeros(m)
                root[[i, j]] = signs
                roots.append(root)
    return np.array(roots).T / np.sqrt(2)


def e8():
    """The 240 roots: those of D8, and the halves with an even number of minus signs."""
    halves = [s for s in product((0.5, -0.5), repeat=8) if np.prod(s) > 0]
    return np.concatenate([d_roots(8), np.array(halves).T / np.sqrt(2)], axis=1)
