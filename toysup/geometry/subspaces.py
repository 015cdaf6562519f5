"""How much subspaces overlap: the least that they can, and what random ones do.

The overlap S of subspaces a, b, ... of dimensions d_a in m dimensions is the sum of the squared
cosines of all principal angles, over ordered pairs: sum_{a != b} |P_a P_b|^2, with P_a the
projector, which is |sum_a P_a|^2 - sum_a d_a. `sizes` are the d_a, (..., subspaces).

Source: Casazza & Fickus 2009, "Minimizing fusion frame potential".
"""

from functools import cache

import numpy as np

DRAWS = 1000  # of random subspaces: a place among them is known to about 0.01
ENTRIES_AT_ONCE = 2**22  # of projectors: 32 MB


def least_overlap(sizes: np.ndarray, m: np.ndarray) -> np.ndarray:
    """The bound that a tight fusion frame meets, where sum_a P_a is the identity times D / m; 0
    where all fit side by side."""
    total = sizes.sum(axis=-1)
    return np.maximum(0, total * (total - m) / m)


def random_overlap(sizes: np.ndarray, m: np.ndarray) -> np.ndarray:
    """E[S] over independent random subspaces: E |P_a P_b|^2 = d_a d_b / m."""
    return (sizes.sum(axis=-1) ** 2 - (sizes**2).sum(axis=-1)) / m


@cache
def random_overlaps(sizes: tuple[int, ...], m: int) -> np.ndarray:
    """S of `DRAWS` sets of independent random subspaces of these sizes, ascending."""
    rng = np.random.default_rng([m, *sizes])
    block = max(1, ENTRIES_AT_ONCE // m**2)
    return np.sort(np.concatenate([of_random(rng, sizes, m, draws) for draws in blocks(block)]))


def blocks(block: int) -> list[int]:
    """`DRAWS` in parts of at most `block`."""
    return [min(block, DRAWS - start) for start in range(0, DRAWS, block)]


def of_random(rng: np.random.Generator, sizes: tuple[int, ...], m: int, draws: int) -> np.ndarray:
    total = np.zeros((draws, m, m))
    for size in sizes:
        basis = np.linalg.qr(rng.standard_normal((draws, m, size)))[0]
        total += basis @ basis.mT
    return (total**2).sum(axis=(-2, -1)) - sum(sizes)
