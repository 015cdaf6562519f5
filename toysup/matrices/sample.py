"""What a sample of directions says of all of them, with the standard error of each number.

A number is a function of the mean h of a kernel over pairs, such as c_ij^2. Over samples of r of n
directions that mean varies, about as

    Var = (1 - f) 4 z1 / r + (1 - f)^2 2 z2 / (r (r - 1)),   f = r / n

with z1 the variance of the directions' own means h_i = mean_j h_ij, and z2 what is left of that of
pairs, Var[h_ij] - 2 z1. Where no direction differs from another, as at random, only z2 counts.

Source: Hoeffding 1948, "A class of statistics with asymptotically normal distribution".
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from toysup.matrices import blocks
from toysup.metrics.interference import on_scale_of_positives, on_scale_of_squares


@dataclass(frozen=True)
class Estimate:
    """A number of all directions, and the standard error that the sample brings."""

    value: float
    error: float


@dataclass(frozen=True)
class Between:
    """A number of all directions that is known between two, each of which has its error."""

    low: Estimate
    high: Estimate


@dataclass(frozen=True)
class Sampled:
    """How many directions a sample has, of how many."""

    some: int
    all: int

    @property
    def left(self) -> float:
        """The share of the directions that is not in the sample."""
        return 1 - self.some / self.all

    def spread(self, rows: np.ndarray, second: float) -> float:
        """The standard error of the mean of a kernel: `rows` are the directions' own means, and
        `second` is the mean square over pairs."""
        r, mean = self.some, float(rows.mean())
        pairs = max(0.0, second - mean**2)
        # Each row is a mean over r - 1 of the others, which varies by itself.
        own = max(0.0, float(rows.var(ddof=1)) - self.left * pairs / (r - 1))
        rest = max(0.0, pairs - 2 * own)
        return math.sqrt(self.left * 4 * own / r + self.left**2 * 2 * rest / (r * (r - 1)))

    def estimate(self, of: Callable[[float], float], mean: float, error: float) -> Estimate:
        """A function of a mean, with the error that the mean's brings."""
        return Estimate(of(mean), abs(of(mean + error) - of(mean - error)) / 2)


def estimates(
    U: np.ndarray, W: np.ndarray, sums: blocks.Sums, n: int, sampled: Sampled
) -> dict[str, Estimate]:
    """The numbers of all directions from those of a sample.

    `U`, `(r, m)`, are the unit rows of those of its columns `W`, `(m, columns)`, that are
    represented, and `n` is the number of columns of which `W` are some.
    """
    (r, m), whole = U.shape, sampled.all
    centres = (np.arange(blocks.BINS) + 0.5) * 2 / blocks.BINS - 1
    shares = sums.histogram / sums.histogram.sum()

    squares = (blocks.energies(U) - 1) / (r - 1)
    square_error = sampled.spread(squares, float(shares @ centres**4))
    positives = sums.positives / (r - 1)
    positive_error = sampled.spread(positives, float(shares @ np.maximum(centres, 0) ** 4))
    cosines = (U @ U.sum(axis=0, dtype=np.float64) - 1) / (r - 1)
    cosine_error = sampled.spread(cosines, float(squares.mean()))

    def on_squares(q: float) -> float:
        return float(on_scale_of_squares(np.array(q * whole * (whole - 1)), whole, m))

    def on_positives(q: float) -> float:
        return float(on_scale_of_positives(np.array(q * whole * (whole - 1)), whole, m))

    def rank(q: float) -> float:
        return whole / (1 + (whole - 1) * max(0.0, q))

    def length(q: float) -> float:
        return math.sqrt(max(0.0, 1 / whole + (1 - 1 / whole) * q))

    q = float(squares.mean())
    return {
        "squared_interference": sampled.estimate(on_squares, q, square_error),
        "positive_interference": sampled.estimate(
            on_positives, float(positives.mean()), positive_error
        ),
        "effective_rank": sampled.estimate(rank, q, square_error),
        "tightness": tightness(W, n),
        "mean_length": sampled.estimate(length, float(cosines.mean()), cosine_error),
    }


def index(P: Estimate, low: float, found: float) -> Between:
    """(1 - P) / (1 - P*) of all directions, whose optimum P* is from `low` to `found`."""
    ends = [Estimate((1 - P.value) / (1 - best), P.error / (1 - best)) for best in (low, found)]
    return Between(*sorted(ends, key=lambda end: end.value))


def tightness(W: np.ndarray, n: int) -> Estimate:
    """That of `n` columns, of which `W`, `(m, r)`, are some: A^2 / (m B), with a_i the norms,
    A = mean a_i^2 and B = (mean a_i^4 + (n - 1) mean_{i != j} (w_i . w_j)^2) / n.

    The error is that of the mean of what each column adds to 2 ln A - ln B.
    """
    m, r = W.shape
    rows = np.ascontiguousarray(W.T, np.float64)
    energy = (rows**2).sum(axis=1)
    pairs = (blocks.energies(rows) - energy**2) / (r - 1)
    A, B = energy.mean(), ((energy**2).mean() + (n - 1) * pairs.mean()) / n
    added = 2 * energy / A - (energy**2 + (n - 1) * 2 * pairs) / (n * B)
    value = float(A**2 / (m * B))
    return Estimate(value, value * math.sqrt(float(added.var(ddof=1)) * (1 - r / n) / r))
