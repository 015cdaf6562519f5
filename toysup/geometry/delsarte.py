"""A lower bound on the energy of every code of a size, by linear programming.

Let h = sum_k h_k G_k with h_k >= 0 for k >= 1, G_k the Gegenbauer polynomials of the sphere, 1
at 1. Each sum_{i, j} G_k(c_ij) is at least 0, so sum_{i != j} h(c_ij) >= r^2 h_0 - r h(1). Where
h <= f at every cosine that a code may have, the mean of f over pairs is at least

    (r h_0 - h(1)) / (r - 1)

Source: Delsarte, Goethals & Seidel 1977, "Spherical codes and designs"; Yudin 1992, "The minimum
of potential energy of a system of point charges".
"""

from functools import lru_cache

import numpy as np

from toysup.geometry.potentials import Potential
from toysup.geometry.sharing import FEASIBLE, told_apart_cosine

DEGREE = 30
COARSE = 300  # angles of the first program
FINE = 100_000  # intervals of the angles at which the inequality is checked
ROUNDS = 8  # programs, each with the angles added at which the last one's h was too high
ENOUGH = 1e-7  # of the mean of f: an excess of h over f that is no longer worth a round
ROUNDING = 1e-12  # of the polynomials, relative: their recursion loses a tenth of it
MOST_PIVOTS = 3000  # of one program: hundreds are enough, and it could cycle


def gegenbauer(cosine: np.ndarray, m: int, degree: int) -> np.ndarray:
    """G_0 to G_degree at each cosine, `(..., degree + 1)`: Chebyshev's in the plane."""
    found = [np.ones_like(cosine), cosine]
    for k in range(1, degree):
        found.append(((2 * k + m - 2) * cosine * found[-1] - k * found[-2]) / (k + m - 2))
    return np.stack(found[: degree + 1], axis=-1)


@lru_cache(maxsize=2)
def _fine(m: int) -> tuple[np.ndarray, np.ndarray]:
    cosine = np.cos(np.linspace(0, np.pi, FINE + 1))
    return cosine, gegenbauer(cosine, m, DEGREE)


def excess(h: np.ndarray, potential: Potential, m: int, top: float) -> tuple[float, np.ndarray]:
    """How far h is above f on [-1, top] at most, and the cosines of its highest points.

    Between two angles a distance d apart, h - f is at most d^2 / 8 times the largest negative
    curvature above its larger end. In the angle G_k is a mean of cos(j a), j <= k, so its
    curvature is at most k^2.
    """
    cosine, basis = _fine(m)
    first = int(np.searchsorted(-cosine, -top, side="right")) - 1  # the interval with `top` in it
    cosine, basis = cosine[max(first, 0) :], basis[max(first, 0) :]
    above = basis @ h - potential.value(cosine)
    bend = potential.curvature(cosine) + np.abs(h) @ np.arange(len(h)) ** 2
    between = (np.pi / FINE) ** 2 / 8 * bend
    peaks = np.flatnonzero((above >= np.roll(above, 1)) & (above >= np.roll(above, -1)))
    ends = [0, len(above) - 1]
    highest = np.maximum(above[:-1], above[1:]) + between[:-1]
    return float(highest.max()), cosine[np.union1d(peaks, ends)]


def lower_bound(potential: Potential, r: int, m: int) -> float:
    """No code of `r` directions in `m >= 2` dimensions has a lower energy.

    Where codes are told apart the inequality is only needed up to the largest cosine of such a
    code. The program asks for it at some angles; what h exceeds f by anywhere is then subtracted
    from h.
    """
    from scipy.optimize import linprog

    top = min(1.0, told_apart_cosine(r, m) + FEASIBLE) if potential.told_apart else 1.0
    cosine = np.cos(np.linspace(np.arccos(top), np.pi, COARSE))
    best, unit = potential.least(r), potential.random(m)
    for _ in range(ROUNDS):
        f = potential.value(cosine)
        weight = 1 / np.maximum(unit, f)
        program = linprog(
            np.ones(DEGREE + 1) - r * (np.arange(DEGREE + 1) == 0),
            A_ub=gegenbauer(cosine, m, DEGREE) * (unit * weight)[:, None],
            b_ub=f * weight,
            bounds=[(None, None)] + [(0, None)] * DEGREE,
            method="highs",
            options={"maxiter": MOST_PIVOTS},
        )
        if program.x is None:
            break
        h = unit * np.concatenate([program.x[:1], np.maximum(program.x[1:], 0)])
        too_high, peaks = excess(h, potential, m, top)
        rounding = ROUNDING * np.abs(h).sum()
        best = max(best, (r * h[0] - h.sum()) / (r - 1) - too_high - rounding)
        if too_high < ENOUGH * unit:
            break
        cosine = np.concatenate([cosine, np.minimum(peaks, top)])
    return float(potential.scale(m) * best)
