"""Null hypotheses: random directions (N1), random tight frames (N2, N3).

A pool holds the numbers of many null matrices with r directions in m dimensions, as a seed has.
"""

import math
from functools import cache

import numpy as np

from toysup.geometry import (
    EXPONENTIAL_TEMPERATURE,
    equal_norm_tight_frames,
    random_directions,
    random_exponential,
    random_tight_frames,
    sharing_cosine,
    unit_columns,
)
from toysup.metrics.interference import on_scale_of_positives, on_scale_of_squares
from toysup.verdict.directions import same_cosine

RANDOM, TIGHT, HAAR, FRAMES = "random", "tight", "haar", "frames"
STREAMS = {RANDOM: 0, TIGHT: 1, HAAR: 2, FRAMES: 3}  # seeds of the random numbers
POOL_COSINES = 2_000_000  # matrices times r^2, which limits the time and memory of a pool
POOL_SIZES = (1000, 10_000)  # the least and the most matrices in a pool
COSINES_AT_ONCE = 2**17  # few enough to stay in a cache
LARGEST_DRAWN = 64  # directions; larger pools are rescaled ones, with exact mean and spread
FRAMES_IN_POOL = ((8, 400), (LARGEST_DRAWN, 50))  # up to so many directions; beyond, one frame
MOST_ENTRIES = 2**17  # of a frame that is drawn: larger ones take minutes, and formulas are as good
MOST_DIRECTIONS = 4096  # of a frame that is drawn: their cosines take 0.1 GB, several times
T, P, SHARING, SAME = range(4)  # the rows of a pool of random directions


def spread_of_squares(r: int, m: int) -> float:
    """The exact standard deviation of T over random directions; 0 in one dimension.

    Pairs of independent directions are pairwise independent, so the variance of the sum of c^2
    over ordered pairs is 2 r (r - 1) Var[c^2], with Var[c^2] = 2 (m - 1) / (m^2 (m + 2)). T is on
    the scale of what the sum can fall by, r (min(r, m) - 1) / m.
    """
    least = min(r, m) - 1
    return math.sqrt(4 * (r - 1) * (m - 1) / (r * (m + 2))) / least if least else 0.0


def spread_of_positives(r: int, m: int) -> float:
    """The exact standard deviation of P over random directions.

    As for T, with Var[relu(c)^2] = 3 / (2 m (m + 2)) - 1 / (4 m^2) of each pair.
    """
    pair = 3 / (2 * m * (m + 2)) - 1 / (4 * m**2)
    return math.sqrt(2 * r * (r - 1) * pair) / (r * (r - 1) / (2 * m))


def spread_of_signs(U: np.ndarray) -> np.ndarray:
    """The exact standard deviation of P over the signs of the columns of a tight frame.

    Each pair adds s_i s_j c_ij |c_ij| / 2, and the products of signs are pairwise independent.
    `U`, (..., m, r), has unit columns.
    """
    m, r = U.shape[-2:]
    fourth = ((U.mT @ U) ** 4).sum(axis=(-2, -1)) - r
    return np.sqrt(fourth / 2) / (r * (r - 1) / (2 * m))


def pool_size(r: int) -> int:
    """How many matrices of `r` directions a pool has."""
    return int(np.clip(POOL_COSINES // r**2, *POOL_SIZES))


def draw_random(r: int, m: int) -> np.ndarray:
    """T, P, and the fractions of features with a shared and with the same direction as another, for
    random directions: `(4, matrices)`."""
    rng = np.random.default_rng([STREAMS[RANDOM], r, m])
    least, parts = (sharing_cosine(r, m), same_cosine(r, m)), []
    block, size = max(1, COSINES_AT_ONCE // r**2), pool_size(r)
    for start in range(0, size, block):
        U = random_turned(rng, min(block, size - start), m, r)
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


def random_turned(rng: np.random.Generator, draws: int, m: int, r: int) -> np.ndarray:
    """Random directions, turned so that few numbers have them where dimensions are many: `(draws,
    at most m, r)`. Their cosines have the distribution of any others'.

    The first has one entry, the second two, and so on: normal ones, and last the length of what
    is left, whose square is chi-squared with m - i degrees of freedom.

    Source: Bartlett 1933, "On the theory of statistical regression".
    """
    if m <= max(r, LARGEST_DRAWN):
        return random_directions(rng, draws, m, r)
    X = np.triu(rng.standard_normal((draws, r, r)), 1)
    X[:, range(r), range(r)] = np.sqrt(rng.chisquare(m - np.arange(r), (draws, r)))
    return unit_columns(X)


def is_drawn(r: int, m: int) -> bool:
    """Whether tight frames of r directions in m dimensions are drawn; else, formulas stand in."""
    return r * m <= MOST_ENTRIES and r <= MOST_DIRECTIONS


def draw_tight(r: int, m: int) -> np.ndarray:
    """P of random equal-norm tight frames, `(matrices,)`: a few frames, with many signs each.

    The spread comes from the signs of the columns. Every frame has the same mean over the signs.
    """
    rng = np.random.default_rng([STREAMS[TIGHT], r, m])
    U = tight_frames(r, m)
    signs = rng.choice([-1.0, 1.0], (len(U), r, -(-pool_size(r) // len(U))))
    cosines = U.mT @ U
    cosines[:, range(r), range(r)] = 0
    even = (cosines**2).sum(axis=(-2, -1))
    pulled = (cosines * np.abs(cosines)) @ signs
    odd = np.vecdot(signs, pulled, axis=-2)  # pyright: ignore[reportCallIssue]  numpy: no axis
    return on_scale_of_positives((even[:, None] + odd) / 2, r, m).ravel()


@cache
def tight_frames(r: int, m: int) -> np.ndarray:
    """Random equal-norm tight frames, `(frames, m, r)`: more, the more they differ in P."""
    rng = np.random.default_rng([STREAMS[FRAMES], r, m])
    frames = next((count for most, count in FRAMES_IN_POOL if r <= most), 1)
    return equal_norm_tight_frames(rng, frames, m, r)


@cache
def exponential_of_tight(r: int, m: int) -> float:
    """The mean of exp(c / t) over pairs in random equal-norm tight frames.

    It is the mean of cosh(c / t), because both signs of a column are equally likely. Of frames that
    are not drawn, the cosines are random directions', only narrower. For r <= m they are 0.
    """
    if r <= m:
        return 1.0
    if not is_drawn(r, m):
        return random_exponential(m, narrower(r, m))
    U = tight_frames(r, m)
    energy = np.cosh(U.mT @ U / EXPONENTIAL_TEMPERATURE).sum(axis=(-2, -1))
    diagonal = r * math.cosh(1 / EXPONENTIAL_TEMPERATURE)
    return float((energy - diagonal).mean() / (r * (r - 1)))


@cache
def haar_pool(r: int, m: int) -> np.ndarray:
    """P of Haar-random tight frames (N2), whose norms differ, sorted, `(matrices,)`."""
    rng = np.random.default_rng([STREAMS[HAAR], r, m])
    U = unit_columns(random_tight_frames(rng, pool_size(r), m, r))
    positives = (np.maximum(U.mT @ U, 0) ** 2).sum(axis=(-2, -1)) - r
    return np.sort(on_scale_of_positives(positives, r, m))


def rescale(values: np.ndarray, old: tuple, new: tuple) -> np.ndarray:
    """Values with the (mean, spread) `old`, shifted and scaled to `new`."""
    return new[0] + (values - old[0]) * (new[1] / old[1] if old[1] else 0.0)


@cache
def random_pool(r: int, m: int) -> np.ndarray:
    """The numbers of `draw_random`, each row sorted, `(4, matrices)`.

    For more than LARGEST_DRAWN directions, the distributions of T and P keep their shape, and are
    rescaled to the exact mean, 1, and the exact spread. Close pairs are then rare and independent:
    the fraction of features in them is binomial, with r / 2 trials.
    """
    if r <= LARGEST_DRAWN:
        return np.sort(draw_random(r, m), axis=1)
    pool = random_pool(LARGEST_DRAWN, m).copy()
    for place, spread in ((T, spread_of_squares), (P, spread_of_positives)):
        pool[place] = rescale(pool[place], (1, spread(LARGEST_DRAWN, m)), (1, spread(r, m)))
    for place, cosine in ((SHARING, sharing_cosine(r, m)), (SAME, same_cosine(r, m))):
        rng = np.random.default_rng([STREAMS[RANDOM], r, m])
        close = 1 - (1 - cap_probability(cosine, m)) ** (r - 1)
        pool[place] = np.sort(rng.binomial(r // 2, close, pool.shape[1]) / (r // 2))
    return pool


def cap_probability(s: float, m: int) -> float:
    """The probability that two random directions have a cosine above `s`: a spherical cap."""
    from scipy.special import betainc

    return 0.5 * betainc((m - 1) / 2, 0.5, 1 - s * s) if m > 1 else 0.5


def cosine_below(s: float, m: int) -> float:
    """The probability that two random directions have a cosine below `s`."""
    return 1 - cap_probability(s, m) if s >= 0 else cap_probability(-s, m)


@cache
def tight_pool(r: int, m: int) -> np.ndarray:
    """P of random equal-norm tight frames, sorted, `(matrices,)`.

    For r <= m it is 0, the value of orthonormal columns, which is the minimum.

    For more than LARGEST_DRAWN directions, in fewer dimensions than that, the distribution keeps
    its shape. It is rescaled to the exact mean (r - m) / (r - 1) and the exact spread of one
    frame's signs. Of frames that are not drawn it is normal.
    """
    if r <= m:
        return np.zeros(1)
    if not is_drawn(r, m):
        return mean_of_tight(r, m) + spread_of_tight(r, m) * normal_quantiles(pool_size(r))
    if r <= LARGEST_DRAWN or m >= LARGEST_DRAWN:
        return np.sort(draw_tight(r, m))
    spread = float(spread_of_signs(tight_frames(r, m))[0])
    pool = tight_pool(LARGEST_DRAWN, m)
    return rescale(
        pool, (mean_of_tight(LARGEST_DRAWN, m), pool.std()), (mean_of_tight(r, m), spread)
    )


def mean_of_tight(r: int, m: int) -> float:
    """The exact E[P] of random equal-norm tight frames, whose signs are equally likely."""
    return (r - m) / (r - 1)


def narrower(r: int, m: int) -> float:
    """The spread of the cosines of an equal-norm tight frame, over that of random directions: the
    mean of c^2 is (r - m) / (m (r - 1)) in the one and 1 / m in the other."""
    return math.sqrt((r - m) / (r - 1))


def spread_of_tight(r: int, m: int) -> float:
    """The standard deviation of P over the signs of an equal-norm tight frame of many directions.

    As `spread_of_signs`, with the mean of c^4 of random directions, 3 / (m (m + 2)), narrowed.
    """
    fourth = r * (r - 1) * 3 / (m * (m + 2)) * narrower(r, m) ** 4
    return math.sqrt(fourth / 2) / (r * (r - 1) / (2 * m))


def normal_quantiles(count: int) -> np.ndarray:
    """The quantiles of a standard normal distribution that `count` draws have on average."""
    from scipy.special import ndtri

    return ndtri((np.arange(count) + 0.5) / count)
