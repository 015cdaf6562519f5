"""What directions can do: known arrangements, the two nulls, the bounds and the best packings.

Directions are the columns of a matrix `(d_hidden, n_features)`, here `(m, r)` for short.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

PACKING = Path(__file__).with_name("packing.json")


def polygon(r: int) -> np.ndarray:
    """The corners of a regular polygon, `(2, r)`.

    >>> polygon(4).round().T.tolist()
    [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [-0.0, -1.0]]
    """
    angle = 2 * np.pi * np.arange(r) / r
    return np.stack([np.cos(angle), np.sin(angle)])


def antipodal_pairs(m: int) -> np.ndarray:
    """Every axis and its opposite, `(m, 2 m)`: twice as many directions as dimensions for free."""
    return np.concatenate([np.eye(m), -np.eye(m)], axis=1)


def simplex(m: int) -> np.ndarray:
    """The corners of a regular simplex, `(m, m + 1)`: every cosine is -1/m."""
    centred = np.eye(m + 1) - 1 / (m + 1)
    rows = np.linalg.svd(centred)[2][:m]
    return rows / np.linalg.norm(rows, axis=0)


def random_directions(rng: np.random.Generator, draws: int, m: int, r: int) -> np.ndarray:
    """Null N1: `r` independent unit columns, uniform on the sphere, `(draws, m, r)`."""
    columns = rng.standard_normal((draws, m, r))
    return columns / np.linalg.norm(columns, axis=-2, keepdims=True)


def random_tight_frames(rng: np.random.Generator, draws: int, m: int, r: int) -> np.ndarray:
    """Null N2: Haar-random tight frames, `(draws, m, r)`, with a mean squared norm of 1.

    The rows are orthonormal up to one factor, as whitening makes them, and turned at random: what
    beats random directions but not these has spread its energy evenly and arranged nothing. With
    `r <= m` no frame of r columns is tight in m dimensions; the flattest code is r orthonormal
    columns, so there whitening and orthogonality are the same thing.

    Source: Mezzadri 2007, "How to generate random matrices from the classical compact groups".
    """
    tall, wide = max(m, r), min(m, r)
    orthonormal, triangle = np.linalg.qr(rng.standard_normal((draws, tall, wide)))
    orthonormal *= np.sign(np.diagonal(triangle, axis1=-2, axis2=-1))[:, None, :]
    return orthonormal.mT * np.sqrt(r / m) if r > m else orthonormal


def random_cosine_square_sum(r, m: int):
    """What `sum_{i != j} c_ij^2` is on average for `r` random directions: r (r - 1) / m."""
    return r * (r - 1) / m


def welch_bound(r, m: int):
    """The least `sum_{i != j} c_ij^2` of `r` unit vectors in `m` dimensions: max(0, r (r - m) / m).

    Met by orthogonal columns and by equal-norm tight frames, such as every regular polygon.

    >>> float(welch_bound(5, 2))
    7.5

    Source: Welch 1974; Benedetto & Fickus 2003, "Finite normalized tight frames".
    """
    return np.maximum(0, r * (r - m) / m).astype(float)[()]


def rankin_bound(r: int, m: int) -> float:
    """The least possible largest cosine of `r >= 2` unit vectors, as far as `r <= 2 m` decides it.

    -1/(r - 1) up to a simplex (r <= m + 1), then 0 up to antipodal pairs (r <= 2 m). Beyond that
    some cosine is positive, and 0 is only a bound.

    Source: Rankin 1955, "The closest packing of spherical caps in n dimensions".
    """
    return -1 / (r - 1) if r <= m + 1 else 0.0


@cache
def _packing_table() -> dict[int, dict[int, float]]:
    optima = json.loads(PACKING.read_text(encoding="utf-8"))["optima"]
    return {int(m): {int(r): value for r, value in row.items()} for m, row in optima.items()}


def packing_optimum(r: int, m: int) -> float:
    """P*, the least positive interference P that `r` directions in `m` dimensions can have.

    0 for 2 <= r <= 2 m, where no cosine needs to be positive (Rankin). For m = 1 half of the
    directions are +1: P* = 2 (k (k - 1) + (r - k) (r - k - 1)) / (r (r - 1)) with k = r // 2.
    Otherwise the value of `packing.json`, which `python -m toysup.packing` computes for
    m = 2..10 and r <= 64. NaN outside of that range and for r < 2.

    >>> packing_optimum(10, 5), packing_optimum(3, 1)
    (0.0, 0.666...)
    """
    if r < 2:
        return float("nan")
    if r <= 2 * m:
        return 0.0
    if m == 1:
        k = r // 2
        return 2 * (k * (k - 1) + (r - k) * (r - k - 1)) / (r * (r - 1))
    return _packing_table().get(m, {}).get(r, float("nan"))
