"""Two matrices of the same features: are the same pairs close in both?

The rank correlation of the cosines of pairs, held against permutations of the features of one of
them (Mantel's test): pairs are not independent, as each feature is in many.

    rho = sum_{i != j} a_ij b_ij / sqrt(sum a_ij^2 sum b_ij^2)

a_ij is the rank of the cosine of a pair in the first matrix, less the mean rank; b_ij that in the
second. Cosines are rounded to 1 / STEPS first, so that ranks are a table, and pairs that rounding
errors tell apart are ties.

Source: Spearman 1904; Mantel 1967, "The detection of disease clustering and a generalized
regression approach", for the mean and the variance over permutations.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from toysup.errors import ToysupError
from toysup.matrices import blocks
from toysup.matrices.matrix import Matrix
from toysup.matrices.measured import represented

STEPS = 2**15  # cosines in a unit: they are rounded to this many
LEAST = 3  # features: two have one pair, which correlates with nothing
PERMUTATIONS = 999
PERMUTED = 512  # features that are permuted; of more, the spread is Mantel's and the shape theirs
SEED = 0
COVERAGE = 0.95
ROUNDING = 1e-9  # a permutation that changes nothing is no further from 0 for it


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far two matrices of the same features agree on which pairs are close."""

    name: str
    other: str
    features: int  # represented in both: all below is about them
    correlation: float  # 1: the same order of pairs; 0: none in common; NaN: all pairs are equal
    chance_low: float  # the central 95% of permutations
    chance_high: float
    p_value: float  # of permutations with a correlation at least as far from 0
    same_nearest: float  # the share of features that have the same nearest one in both
    same_nearest_chance: float  # that of a permutation, on average


@dataclass
class Ranks:
    """A table from rounded cosines to centred ranks, of the cosines of unit rows `U`, `(r, m)`."""

    U: np.ndarray
    table: np.ndarray  # (2 STEPS + 1,)
    nearest: np.ndarray  # (r,)

    def of(self, rows: slice, columns: slice) -> np.ndarray:
        """The centred ranks of a block of cosines, 0 on the diagonal."""
        found = self.table[rounded(self.U, rows, columns)]
        if rows == columns:
            np.fill_diagonal(found, 0.0)
        return found


def agreement(
    one: Matrix, other: Matrix, callback: Callable[[float], None] = lambda done: None
) -> Agreement:
    """How far two matrices agree. `callback` is told the share done."""
    check_same_features(one, other)
    kept = represented(one.W) & represented(other.W)
    r = int(kept.sum())
    if r < LEAST:
        raise ToysupError(
            f"{other.name}: {r} features are represented in it and in {one.name}; their pairs can "
            f"be compared from {LEAST} features on."
        )
    first, second = (ranks_of(blocks.unit(matrix.W[:, kept])) for matrix in (one, other))
    callback(0.5)
    sums = Sums.of(first, second)
    correlation, chance = math.nan, np.zeros(0)
    if sums.scale > 0:
        correlation = sums.products / sums.scale
        chance = permuted(first, second, sums)
    low = high = p_value = math.nan
    if len(chance):
        ends = [0.5 - COVERAGE / 2, 0.5 + COVERAGE / 2]
        low, high = np.quantile(chance, ends).tolist()
        beyond = int((np.abs(chance) >= abs(correlation) - ROUNDING).sum())
        p_value = (1 + beyond) / (1 + len(chance))
    callback(1.0)
    return Agreement(
        name=one.name,
        other=other.name,
        features=r,
        correlation=correlation,
        chance_low=low,
        chance_high=high,
        p_value=p_value,
        same_nearest=float((first.nearest == second.nearest).mean()),
        same_nearest_chance=1 / (r - 1),
    )


def own_names(matrix: Matrix) -> tuple[str, ...]:
    """The names of its directions; () where these are only their numbers."""
    names = matrix.names or ()
    return () if names == tuple(map(str, matrix.places)) else names


def check_same_features(one: Matrix, other: Matrix) -> None:
    """ToysupError for two matrices that are not of the same features."""
    n, k = one.W.shape[1], other.W.shape[1]
    if n != k:
        raise ToysupError(
            f"{other.name}: has {k:,} directions, and {one.name} {n:,}. --against compares two "
            "matrices of the same features."
        )
    # No pair is left if one of the two has no names.
    for place, (name, found) in enumerate(zip(own_names(one), own_names(other), strict=False)):
        if name != found:
            raise ToysupError(
                f"{other.name}: its direction {place} is {found}, and that of {one.name} {name}. "
                "--against needs the same features in the same order."
            )


def rounded(U: np.ndarray, rows: slice, columns: slice) -> np.ndarray:
    """A block of cosines, rounded, as places from 0 (opposed) to 2 STEPS (the same)."""
    c = U[rows] @ U[columns].T
    np.clip(c, -1, 1, out=c)
    c *= STEPS
    return np.rint(c, out=c).astype(np.int32) + STEPS


def ranks_of(U: np.ndarray) -> Ranks:
    """The table of ranks, of one pass over all pairs. Ties have the mean of their ranks."""
    counts = np.zeros(2 * STEPS + 1, np.int64)
    best, nearest = np.full(len(U), -1), np.zeros(len(U), np.int64)
    for rows, columns in blocks.pairs_of_blocks(len(U)):
        places = rounded(U, rows, columns)
        if rows == columns:
            counts += np.bincount(places[np.triu_indices(len(places), 1)], minlength=len(counts))
            np.fill_diagonal(places, -1)
        else:
            counts += np.bincount(places.ravel(), minlength=len(counts))
        for axis, part, start in ((1, rows, columns.start), (0, columns, rows.start)):
            place = places.argmax(axis=axis)
            value = np.take_along_axis(places, np.expand_dims(place, axis), axis).squeeze(axis)
            blocks.widen(best, nearest, part, value, place + start, np.greater)
            if rows == columns:
                break
    below = np.cumsum(counts) - counts
    middle = (counts.sum() - 1) / 2
    table = np.where(counts > 0, below + (counts - 1) / 2 - middle, 0.0)
    return Ranks(U, table / max(1.0, middle), nearest)


@dataclass
class Sums:
    """What one pass over all ordered pairs i != j of two tables of ranks sums up to."""

    products: float
    squares: np.ndarray  # (2,), of each matrix
    rows: np.ndarray  # (2, r), the sum of each feature's ranks in each matrix

    @classmethod
    def of(cls, first: Ranks, second: Ranks) -> "Sums":
        r = len(first.U)
        found = cls(0.0, np.zeros(2), np.zeros((2, r)))
        for rows, columns in blocks.pairs_of_blocks(r):
            times = 1 if rows == columns else 2
            both = first.of(rows, columns), second.of(rows, columns)
            found.products += times * float(np.vdot(*both))
            for k, a in enumerate(both):
                found.squares[k] += times * float(np.vdot(a, a))
                found.rows[k, rows] += a.sum(axis=1)
                if rows != columns:
                    found.rows[k, columns] += a.sum(axis=0)
        return found

    @property
    def scale(self) -> float:
        return math.sqrt(self.squares[0] * self.squares[1])

    def spread(self) -> float:
        """The exact standard deviation of rho over all permutations, of four features or more.

        With S = sum a_ij^2 and R = sum_i (sum_j a_ij)^2, of a and of b, and n features, the
        variance of sum a_ij b_ij is
            2 S S' / (n (n - 1)) + 4 (R - S) (R' - S') / (n (n - 1) (n - 2))
            + (2 S - 4 R) (2 S' - 4 R') / (n (n - 1) (n - 2) (n - 3))
        because ordered pairs are equal or turned round, share a feature, or share none.
        """
        n = self.rows.shape[1]
        S, R = self.squares, (self.rows**2).sum(axis=1)
        equal = 2 * S.prod() / (n * (n - 1))
        sharing = 4 * (R - S).prod() / (n * (n - 1) * (n - 2))
        apart = (2 * S - 4 * R).prod() / (n * (n - 1) * (n - 2) * (n - 3))
        return math.sqrt(max(0.0, equal + sharing + apart)) / self.scale


def permuted(first: Ranks, second: Ranks, sums: Sums) -> np.ndarray:
    """The correlations under permutations of the features of the second matrix.

    Of many features, some are permuted, and what comes is scaled to the exact spread of all.
    """
    rng, r = np.random.default_rng(SEED), len(first.U)
    if r <= PERMUTED:
        return np.fromiter(correlations(first, second, sums.scale, rng), float, PERMUTATIONS)
    kept = np.sort(rng.choice(r, PERMUTED, replace=False))
    some, others = ranks_of(first.U[kept]), ranks_of(second.U[kept])
    own = Sums.of(some, others)
    if not own.scale > 0 or not own.spread() > 0:
        return np.zeros(0)
    found = np.fromiter(correlations(some, others, own.scale, rng), float, PERMUTATIONS)
    return found * (sums.spread() / own.spread())


def correlations(first: Ranks, second: Ranks, scale: float, rng) -> Iterator[float]:
    whole = slice(0, len(first.U))
    a, b = first.of(whole, whole), second.of(whole, whole)
    for _ in range(PERMUTATIONS):
        order = rng.permutation(len(a))
        yield float(np.vdot(a, b[np.ix_(order, order)])) / scale
