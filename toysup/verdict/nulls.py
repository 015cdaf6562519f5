"""What a seed would show if its directions were random (N1), or a tight frame and no more (N3).

A pool holds what many null matrices show, with as many directions in as many dimensions as a seed.
"""

import math
from functools import cache

import numpy as np

from toysup.geometry import (
    EXPONENTIAL_TEMPERATURE,
    equal_norm_tight_frames,
    random_directions,
    random_tight_frames,
    sharing_cosine,
    unit_columns,
)
from toysup.metrics.interference import on_scale_of_positives, on_scale_of_squares
from toysup.verdict.directions import same_cosine

RANDOM, TIGHT, HAAR, FRAMES = "random", "tight", "haar", "frames"
STREAMS = {RANDOM: 0, TIGHT: 1, HAAR: 2, FRAMES: 3}  # of random numbers, one for each
POOL_COSINES = 2_000_000  # matrices times r^2: bounds the time and the memory of a pool
POOL = (1000, 10_000)  # matrices in a pool, at least and at most
COSINES_AT_ONCE = 2**17  # of a few null matrices: what stays in a cache
FEW = 64  # directions; for more, pools are scaled to the exact mean and spread
MOST_FRAMES = 50  # tight frames that a pool is of
T, P, SHARING, SAME = range(4)  # the rows of a pool of random directions


def spread_of_squares(r: int, m: int) -> float:
    """The standard deviation of T over random directions, exactly: 0 in one dimension.

    Pairs of independent directions are pairwise independent, so the variance of the sum of c^2
    over ordered pairs is 2 r (r - 1) Var[c^2], with Var[c^2] = 2 (m - 1) / (m^2 (m + 2)).
    """
    return math.sqrt(4 * (r - 1) / (r * (m - 1) * (m + 2))) if m > 1 else 0.0


def spread_of_positives(r: int, m: int) -> float:
    """The standard deviation of P over random directions, exactly.

    As for T, with Var[relu(c)^2] = 3 / (2 m (m + 2)) - 1 / (4 m^2) of each pair.
    """
    pair = 3 / (2 * m * (m + 2)) - 1 / (4 * m**2)
    return math.sqrt(2 * r * (r - 1) * pair) / (r * (r - 1) / (2 * m))


def spread_of_signs(U: np.ndarray) -> np.ndarray:
    """The standard deviation of P over the signs of the columns of a tight frame, exactly.

    Each pair adds s_i s_j c_ij |c_ij| / 2, and the products of signs are pairwise independent.
    `U`, (..., m, r), has unit columns.
    """
    m, r = U.shape[-2:]
    fourth = ((U.mT @ U) ** 4).sum(axis=(-2, -1)) - r
    return np.sqrt(fourth / 2) / (r * (r - 1) / (2 * m))


def size_of(r: int) -> int:
    """How many matrices of `r` directions a pool has."""
    return int(np.clip(POOL_COSINES // r**2, *POOL))


def drawn_random(r: int, m: int) -> np.ndarray:
    """T, P, and the fractions of features that share a direction and that have one and the same, of
    random directions: `(4, matrices)`."""
    rng = np.random.default_rng([STREAMS[RANDOM], r, m])
    least, parts = (sharing_cosine(r, m), same_cosine(r, m)), []
    block, size = max(1, COSINES_AT_ONCE // r**2), size_of(r)
    for start in range(0, size, block):
        U = random_directions(rng, min(block, size - start), m, r)
        cosines = U.mT @ U
        cosines[:, range(r), range(r)] = 0
        nearest = cosines.max(axis=-1)
        shared = [(nearest > cosine).mean(axis=-1) for cosine in least]
        flat = cosines.reshape(len(U), r * r)
        squares = np.vecdot(flat, flat)
        np.maximum(flat, 0, out=flat)
        positives = np.vecdot(flat, flat)
        scaled = on_scale_of_squares(squares, r, m), on_scale_of_positives(positives, r, m)
        parts.append(np.stack([*scaled, *shared]))
    return np.concatenate(parts, axis=1)


def drawn_tight(r: int, m: int) -> np.ndarray:
    """P of random equal-norm tight frames, `(matrices,)`: of a few frames, with many signs each.

    The signs of the columns make the spread; every frame has the same mean over them.
    """
    rng = np.random.default_rng([STREAMS[TIGHT], r, m])
    U = tight_frames(r, m)
    signs = rng.choice([-1.0, 1.0], (len(U), r, -(-size_of(r) // len(U))))
    cosines = U.mT @ U
    cosines[:, range(r), range(r)] = 0
    even = (cosines**2).sum(axis=(-2, -1))
    pulled = (cosines * np.abs(cosines)) @ signs
    odd = np.vecdot(signs, pulled, axis=-2)  # pyright: ignore[reportCallIssue]  numpy: no axis
    return on_scale_of_positives((even[:, None] + odd) / 2, r, m).ravel()


@cache
def tight_frames(r: int, m: int) -> np.ndarray:
    """A few random equal-norm tight frames, `(frames, m, r)`; one where there are many columns."""
    rng = np.random.default_rng([STREAMS[FRAMES], r, m])
    return equal_norm_tight_frames(rng, MOST_FRAMES if r <= FEW else 1, m, r)


def exponential_of_tight(r: int, m: int) -> float:
    """The mean of exp(c / t) over pairs of random equal-norm tight frames: of cosh(c / t), as every
    sign of a column is as likely."""
    U = tight_frames(r, m)
    energy = np.cosh(U.mT @ U / EXPONENTIAL_TEMPERATURE).sum(axis=(-2, -1))
    own = r * math.cosh(1 / EXPONENTIAL_TEMPERATURE)
    return float((energy - own).mean() / (r * (r - 1)))


@cache
def haar_pool(r: int, m: int) -> np.ndarray:
    """P of Haar-random tight frames (N2), whose norms differ, in order, `(matrices,)`."""
    rng = np.random.default_rng([STREAMS[HAAR], r, m])
    U = unit_columns(random_tight_frames(rng, size_of(r), m, r))
    positives = (np.maximum(U.mT @ U, 0) ** 2).sum(axis=(-2, -1)) - r
    return np.sort(on_scale_of_positives(positives, r, m))


def scaled(values: np.ndarray, old: tuple, new: tuple) -> np.ndarray:
    """Values of one mean and spread at another."""
    return new[0] + (values - old[0]) * (new[1] / old[1] if old[1] else 0.0)


@cache
def random_pool(r: int, m: int) -> np.ndarray:
    """The numbers of `drawn_random`, each in order, `(4, matrices)`.

    Beyond FEW directions T and P have the shape that they have there, which hardly changes, at
    their exact mean, 1, and spread. Close pairs are independent and rare there, and the
    fraction of features in one is as if half as many pairs of features were close or not.
    """
    if r <= FEW:
        return np.sort(drawn_random(r, m), axis=1)
    pool = random_pool(FEW, m).copy()
    for place, spread in ((T, spread_of_squares), (P, spread_of_positives)):
        pool[place] = scaled(pool[place], (1, spread(FEW, m)), (1, spread(r, m)))
    for place, cosine in ((SHARING, sharing_cosine(r, m)), (SAME, same_cosine(r, m))):
        rng = np.random.default_rng([STREAMS[RANDOM], r, m])
        close = 1 - (1 - chance_of_a_cap(cosine, m)) ** (r - 1)
        pool[place] = np.sort(rng.binomial(r // 2, close, pool.shape[1]) / (r // 2))
    return pool


def chance_of_a_cap(s: float, m: int) -> float:
    """The chance that two random directions have a cosine above `s`."""
    from scipy.special import betainc

    return 0.5 * betainc((m - 1) / 2, 0.5, 1 - s * s) if m > 1 else 0.5


@cache
def tight_pool(r: int, m: int) -> np.ndarray:
    """P of random equal-norm tight frames, in order, `(matrices,)`.

    Up to r = m it is 0: orthonormal columns, which nothing is below.

    Beyond FEW directions in comparably few dimensions it has the shape of FEW, at the exact mean
    (r - m) / (r - 1) and the exact spread of one frame's signs.
    """
    if r <= m:
        return np.zeros(1)
    if r <= FEW or m >= FEW:
        return np.sort(drawn_tight(r, m))
    spread = float(spread_of_signs(tight_frames(r, m))[0])
    pool = tight_pool(FEW, m)
    return scaled(pool, (mean_of_tight(FEW, m), pool.std()), (mean_of_tight(r, m), spread))


def mean_of_tight(r: int, m: int) -> float:
    """E[P] of random equal-norm tight frames: exact, as every sign of a column is as likely."""
    return (r - m) / (r - 1)
