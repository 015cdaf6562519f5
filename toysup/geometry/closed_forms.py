"""Least energies that are known exactly, and energies that need no search.

Source: Rankin 1955 for P* up to r = 2 m; Cohn & Kumar 2007, "Universally optimal distribution of
points on spheres", for the exponential potential.
"""

import math
from collections.abc import Callable

from toysup.geometry.arrangements import antipodal_pairs, polygon, simplex
from toysup.geometry.potentials import (
    EXPONENTIAL,
    EXPONENTIAL_TEMPERATURE,
    POSITIVE,
    random_exponential,
)


def halves(f: Callable[[float], float], r: int) -> float:
    """The mean of f over pairs in one dimension: half of the directions are +1, the others -1."""
    k = r // 2
    alike = k * (k - 1) + (r - k) * (r - k - 1)
    return (alike * f(1.0) + 2 * k * (r - k) * f(-1.0)) / (r * (r - 1))


def closed_packing(r: int, m: int) -> float | None:
    """P* where it is known exactly: up to r = 2 m, in one dimension, and the pentagon.

    No other regular polygon is proven here. The best that was found has six and seven sides too,
    but from eight on pairs of directions as close as they may be do better.
    """
    if r <= 2 * m:
        return 0.0
    if m == 1:
        return 2 * m * halves(lambda c: float(c > 0), r)
    if (r, m) == (5, 2):
        return POSITIVE.energy(polygon(5))  # the linear program meets it
    return None


def closed_exponential(r: int, m: int) -> float | None:
    """E* of the universally optimal codes: simplices, antipodal pairs, and regular polygons."""
    if m == 1:
        return halves(lambda c: math.exp(c / EXPONENTIAL_TEMPERATURE), r)
    if r <= m + 1:
        return EXPONENTIAL.energy(simplex(r - 1))
    if r == 2 * m:
        return EXPONENTIAL.energy(antipodal_pairs(m))
    if m == 2:
        return EXPONENTIAL.energy(polygon(r))
    return None


def even_packing(r: int, m: int) -> float:
    """P of every antipodal tight frame, with one direction left out where r is odd."""
    pairs = r + r % 2
    return (pairs - 2 * m) / (pairs - 1)


def random_pairs_exponential(r: int, m: int) -> float:
    """The mean E of random antipodal pairs, with one direction left out where r is odd: some of
    these codes are at least as good."""
    opposite = 1 / (r - 1 + r % 2)
    return opposite * math.exp(-1 / EXPONENTIAL_TEMPERATURE) + (1 - opposite) * random_exponential(
        m
    )
