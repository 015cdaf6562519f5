"""Known arrangements of directions, and the nulls: columns of a matrix `(m, r)`."""

import numpy as np

TIGHTENING = 1000  # rounds at most: tens are enough, hundreds where r is hardly above m
TIGHT = 1e-9  # by how much the energy of a direction may differ from r / m


def unit_columns(W: np.ndarray) -> np.ndarray:
    """The columns of W `(..., m, r)` at length one; none may be zero."""
    return W / np.linalg.norm(W, axis=-2, keepdims=True)


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
    return unit_columns(np.linalg.svd(centred)[2][:m])


def random_directions(rng: np.random.Generator, draws: int, m: int, r: int) -> np.ndarray:
    """Null N1: `r` independent unit columns, uniform on the sphere, `(draws, m, r)`."""
    return unit_columns(rng.standard_normal((draws, m, r)))


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


def equal_norm_tight_frames(rng: np.random.Generator, draws: int, m: int, r: int) -> np.ndarray:
    """Null N3: unit columns that spread their energy evenly and nothing else, `(draws, m, r)`.

    The nearest tight frame of random directions, its columns made unit again, and so on: T is 0,
    and P is (r - m) / (r - 1) on average, as every sign of every column is as likely. With
    `r <= m` the columns are orthonormal.

    Source: Tropp et al. 2005, "Designing structured tight frames via an alternating projection
    method".
    """
    if r <= m:
        return random_tight_frames(rng, draws, m, r)
    U = random_directions(rng, draws, m, r)
    loose = np.arange(draws)  # frames that are not tight yet: a few take ten times the rounds
    for _ in range(TIGHTENING):
        energy, axes = np.linalg.eigh(U[loose] @ U[loose].mT)
        still = np.abs(energy - r / m).max(axis=-1) >= TIGHT
        loose, energy, axes = loose[still], energy[still], axes[still]
        if not len(loose):
            break
        nearest = (axes / np.sqrt(energy)[..., None, :]) @ axes.mT @ U[loose]
        U[loose] = nearest / np.linalg.norm(nearest, axis=-2, keepdims=True)
    return U
