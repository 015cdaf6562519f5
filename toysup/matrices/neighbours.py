"""How many others a direction has near it, and what a sample of directions says of that.

Of s of N directions, each neighbour of a direction is in the sample with the chance
f = (s - 1) / (N - 1). So with k_i neighbours there, a direction has K = mean k_i / f on average.
How many directions have one at all is only known between two numbers:

    most   share of the sample with k_i >= 1, over f: one with a neighbour is seen to have one with
           the chance f at least
    least  2 S1 / (j + 1) - S2 / (j (j + 1)), with S1 = E[K], S2 = E[K (K - 1)] and
           j = 1 + floor(S2 / S1); or the share of the sample, if that is more

Source: Dawson & Sankoff 1967, "An inequality for probabilities", for the bound by two moments.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toysup.matrices import blocks
from toysup.matrices.sample import Between, Estimate, Sampled
from toysup.verdict.nulls import cap_probability

RARE = 0.01  # of random directions have another one as close as the rare cosine
GROUPS = 20  # of a sample: each is left out once, for the error of the shares
SEED = 0


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """What a sample says of the neighbours of all directions that are closer than a cosine."""

    cosine: float
    number: Estimate  # of a direction, on average
    share: Between  # of the directions that have one or more


def rare_cosine(r: int, m: int) -> float:
    """The cosine above which one random direction of a hundred has another of `r` in `m`
    dimensions: the probability of a cap, and r - 1 others that may be in it."""
    if m < 2:
        return 1.0
    wanted = -np.expm1(np.log1p(-RARE) / (r - 1))
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if cap_probability(middle, m) > wanted else (low, middle)
    return high


def neighbours(U: np.ndarray, cosines: Sequence[float], sampled: Sampled) -> list[Neighbours]:
    """What unit rows `U`, `(r, m)`, say of all directions, for each of some cosines."""
    groups = np.random.default_rng(SEED).permutation(len(U)) % GROUPS
    return [
        of_all(counts, groups, cosine, sampled)
        for counts, cosine in zip(counted(U, cosines, groups), cosines, strict=True)
    ]


def counted(U: np.ndarray, cosines: Sequence[float], groups: np.ndarray) -> np.ndarray:
    """How many directions of each group are closer to each row of `U` than each cosine says:
    `(cosines, r, GROUPS)`."""
    members = np.eye(GROUPS, dtype=np.float32)[groups]
    found = np.zeros((len(cosines), len(U), GROUPS), np.float32)
    for rows, columns in blocks.pairs_of_blocks(len(U)):
        c = U[rows] @ U[columns].T
        if rows == columns:
            np.fill_diagonal(c, -1.0)
        for counts, cosine in zip(found, cosines, strict=True):
            near = (c > cosine).astype(np.float32)
            counts[rows] += near @ members[columns]
            if rows != columns:
                counts[columns] += near.T @ members[rows]
    return found.astype(np.float64)


def of_all(counts: np.ndarray, groups: np.ndarray, cosine: float, sampled: Sampled) -> Neighbours:
    """Numbers of all directions from the neighbours of each in each group, `(r, GROUPS)`."""
    k, N = counts.sum(axis=1), sampled.all
    r = len(k)
    number = float(k.mean()) * (N - 1) / (r - 1)
    ends = np.array(shares(k, N))
    if number:
        number_error = sampled.spread(k / (r - 1), float(k.mean()) / (r - 1)) * (N - 1)
        without = np.array(
            [shares((k - counts[:, g])[groups != g], N) for g in range(min(GROUPS, r))]
        )
        left = len(without)
        varied = (left - 1) * without.var(axis=0) * sampled.left
        errors = np.sqrt(varied)
    else:  # no pair is so close: the error is what a single one would add
        number_error = sampled.left * 2 * (N - 1) / (r * (r - 1))
        errors = np.array([0.0, min(1.0, number_error)])
    low, high = map(Estimate, ends.tolist(), errors.tolist())
    return Neighbours(
        cosine=cosine, number=Estimate(number, number_error), share=Between(low, high)
    )


def shares(k: np.ndarray, N: int) -> tuple[float, float]:
    """The least and the most share of `N` directions with a neighbour, where those of a sample
    have `k` neighbours in it, `(r,)`."""
    r = len(k)
    if r < 3 or not k.any():
        return 0.0, float(r < 3)
    seen = float((k > 0).mean())
    f = (r - 1) / (N - 1)
    one, two = float(k.mean()) / f, float((k * (k - 1)).mean()) / f * (N - 2) / (r - 2)
    j = 1 + math.floor(two / one)
    least = 2 * one / (j + 1) - two / (j * (j + 1))
    return min(1.0, max(seen, least)), min(1.0, seen / f)
