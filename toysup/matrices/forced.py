"""What the second moments of data force, told from what training did.

The null: directions that a model would have that saw the second moments of the data alone. It is a
family, because the moments leave the scale of the components open: `fits.py` has its members. What
a matrix has in common with some member says nothing of its training; what no member has does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from toysup.errors import RefusedError, ToysupError
from toysup.geometry import sharing_cosine
from toysup.matrices import blocks
from toysup.matrices.fits import OF_ACTIVATIONS, OF_FEATURES, Fit, Moments
from toysup.matrices.matrix import Matrix
from toysup.matrices.measured import represented
from toysup.metrics.interference import on_scale_of_positives, on_scale_of_squares
from toysup.verdict.statistics import Interval

# Draws of each member: a matrix of the same kind is outside of what they and it span in one case
# of twenty, on one side or the other.
DRAWS = 39
MOST_FEATURES = 2048  # whose second moments are taken: a minute for all draws
MOST_SAMPLES = 10_000  # of features, which each draw takes anew
MOST_COMPARED = 2048  # directions that are measured for each draw
FAINTEST = 1e-6  # of the largest norm of a fit: a column below it has no direction
NO_DIFFERENCE = 1e-6  # of two numbers
SEED = 0
FEATURES, ACTIVATIONS = "features", "activations"
BELOW, WITHIN, ABOVE = "below", "within", "above"


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What is compared, of unit directions: as `Measured` has it, of some of them."""

    squared_interference: float
    positive_interference: float
    mean_length: float
    sharing_fraction: float


NAMES = tuple(Numbers.__dataclass_fields__)


@dataclass(frozen=True, kw_only=True)
class Forced:
    """A matrix beside directions with the second moments of some data."""

    name: str
    data: str
    samples_of: str  # FEATURES, or ACTIVATIONS in the space of the directions
    samples: int
    directions: int  # compared
    own: Numbers
    # Of each member of the null: a number of the fit to the samples, and its range with DRAWS more.
    # Fits to features differ in the samples, drawn anew from the given ones; those to activations
    # in their random directions.
    null: Mapping[str, Mapping[str, Interval]]
    # What the second moments of finitely many samples add to T of the null: of N samples of white
    # activations, the eigenvalues have the relative variance m / N, and r directions that follow
    # them an r / N in T. The range of T begins so much lower. 0 for samples of features.
    error: float

    def range(self, name: str) -> tuple[float, float]:
        """The least and the most of a number that a member of the null has."""
        some = [one[name] for one in self.null.values()]
        low, high = min(one.low for one in some), max(one.high for one in some)
        return low - self.error * (name == "squared_interference"), high

    def side(self, name: str) -> str:
        """Whether a number of the matrix is BELOW, WITHIN or ABOVE that of the whole null."""
        own, (low, high) = getattr(self.own, name), self.range(name)
        if own < low - NO_DIFFERENCE:
            return BELOW
        return ABOVE if own > high + NO_DIFFERENCE else WITHIN


def forced(
    group: Sequence[Matrix], data: Matrix, callback: Callable[[float], None] = lambda done: None
) -> tuple[Forced, ...]:
    """Each matrix of a group beside the null of data, whose columns are samples.

    The fits are the same for all of one size, and each matrix is compared in the directions that
    it represents. `callback` is told the share done.
    """
    X, samples_of = samples(group[0], data)
    rng = np.random.default_rng(SEED)
    fits = OF_ACTIVATIONS
    if samples_of == FEATURES:
        fits, X = OF_FEATURES, rng.permutation(X)[:MOST_SAMPLES]
    m, n = group[0].W.shape
    whole = Moments.of(X)
    if not whole.values[0] > 0:
        raise ToysupError(f"{data.name}: all of its samples are zero.")
    there = in_samples(whole, m, n, fits, rng)
    kept = [compared(one, there) for one in group]
    # Seeds that represent the same directions have one null, which is measured once.
    found: dict[bytes, dict[str, list[Numbers]]] = {
        places.tobytes(): {name: [] for name in fits} for places in kept
    }
    for draw in range(1 + DRAWS):
        moments = Moments.of(X, weights(rng, len(X))) if draw and fits is OF_FEATURES else whole
        for name, fit in fits.items():
            W = fit(moments, m, n, rng)
            for places, some in found.items():
                some[name].append(numbers(W[:, np.frombuffer(places, np.int64)], m))
        callback((draw + 1) / (1 + DRAWS))
    return tuple(
        Forced(
            name=one.name,
            data=data.name,
            samples_of=samples_of,
            samples=len(X),
            directions=len(places),
            own=numbers(one.W[:, places], m),
            null={name: ranges(some) for name, some in found[places.tobytes()].items()},
            error=len(places) / len(X) if samples_of == ACTIVATIONS else 0.0,
        )
        for one, places in zip(group, kept, strict=True)
    )


def side(found: Sequence[Forced], name: str) -> tuple[str, int]:
    """The side on which more than half of the matrices are, and how many; WITHIN if none is."""
    sides = [one.side(name) for one in found]
    for where in (BELOW, ABOVE):
        if sides.count(where) > len(sides) / 2:
            return where, sides.count(where)
    return WITHIN, sides.count(WITHIN)


def weights(rng: np.random.Generator, count: int) -> np.ndarray:
    """How often each of `count` samples is among as many drawn from them."""
    return rng.multinomial(count, np.full(count, 1 / count)).astype(float)


def samples(matrix: Matrix, data: Matrix) -> tuple[np.ndarray, str]:
    """The samples as rows, and what they are of."""
    (m, n), k = matrix.W.shape, len(data.W)
    if k == matrix.drawn_from:
        raise ToysupError(
            f"{data.name}: has samples of all {k:,} features, and --sample leaves some of them "
            "out. Give activations, or leave out one of the two."
        )
    if k not in (m, n):
        raise ToysupError(
            f"{data.name}: its samples have {k:,} numbers. {matrix.name} has {n:,} directions of "
            f"{m:,} dimensions: give samples of its {n:,} features or of activations of {m:,} "
            "dimensions, a row each."
        )
    samples_of = FEATURES if k == n else ACTIVATIONS
    if k > MOST_FEATURES:
        raise RefusedError(
            f"{data.name}: the second moments of {k:,} {samples_of} take too long; "
            f"{MOST_FEATURES:,} are the most. Samples of activations in the {m:,} dimensions of "
            "the directions are quicker."
        )
    return data.W.T, samples_of


def in_samples(whole: Moments, m: int, n: int, fits: Mapping[str, Fit], rng) -> np.ndarray:
    """Which of `n` directions in `m` dimensions all of the fits have, as a mask `(n,)`."""
    there = np.ones(n, bool)
    for fit in fits.values():
        norms = np.linalg.norm(fit(whole, m, n, rng), axis=0)
        there &= norms > FAINTEST * norms.max()
    return there


def compared(matrix: Matrix, there: np.ndarray) -> np.ndarray:
    """The places of the directions that a matrix represents and the fits have, or of some of these
    drawn at random: the same ones for seeds that represent the same."""
    places = np.flatnonzero(represented(matrix.W) & there)
    if len(places) < 2:
        raise ToysupError(
            f"{matrix.name}: fewer than two of its represented directions are in the samples."
        )
    if len(places) > MOST_COMPARED:
        rng = np.random.default_rng(SEED)
        places = np.sort(rng.choice(places, MOST_COMPARED, replace=False))
    return places


def numbers(W: np.ndarray, m: int) -> Numbers:
    """The numbers of directions in `m` dimensions, the columns of `W`."""
    there = np.linalg.norm(W, axis=0) > 0
    U = blocks.unit(W[:, there])
    r, sums, F = len(U), blocks.sums_of(U), blocks.frame_operator(U)
    squares = np.array(float((F**2).sum()) - r)
    return Numbers(
        squared_interference=float(on_scale_of_squares(squares, r, m)),
        positive_interference=float(on_scale_of_positives(np.array(sums.positive), r, m)),
        mean_length=float(np.linalg.norm(U.mean(axis=0, dtype=np.float64))),
        sharing_fraction=blocks.share_above(sums.nearest, sharing_cosine(r, m)),
    )


def ranges(some: list[Numbers]) -> dict[str, Interval]:
    """The first number, of the fit to all samples, and the least and the most of all."""
    found = {}
    for name in NAMES:
        values = [getattr(one, name) for one in some]
        found[name] = Interval(values[0], min(values), max(values))
    return found
