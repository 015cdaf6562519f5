"""How a recorded run got where it ended: jumps between energy levels, falls of the loss, rests.

A recording is `W` `(..., steps, d_hidden, n_features)` with its losses `(..., steps)`. Leading axes
are instances.
"""

import itertools

import numpy as np

from toysup import theory
from toysup.metrics import levels
from toysup.metrics.dimensionality import dimensionality

LEVELS = np.array(sorted([0, *levels.LEVELS]))  # 0 is a feature that is gone
LEAST_RECORDS = 3  # at a level one after the other, to rest there
SAME = 0.05  # levels nearer to each other than this are not told apart: 3/8 and 2/5
LATE = 0.1  # of the loss's fall is left: before that everything moves, and the loss falls anyhow
RESTING = 0.005  # of itself that the loss may change from record to record while it rests


def level_jumps(W: np.ndarray) -> np.ndarray:
    """How often features leave one energy level for another in less time than they rest at either.

    A feature rests where its D is within 0.02 of a level for three records or more. 0 for a path
    that goes at one speed from anywhere to anywhere, and for one that slows down exponentially. NaN
    where the recording is not finite.

    Source: toysup, for Elhage et al. 2022, "Discrete 'Energy Level' Jumps".
    """
    D = dimensionality(W)
    paths = np.moveaxis(D, -1, -2).reshape(-1, D.shape[-1], D.shape[-2])
    counts = np.array([sum(map(jumps, path)) for path in paths], float).reshape(D.shape[:-2])
    return np.where(np.isfinite(W).all(axis=(-3, -2, -1)), counts, np.nan)


def jumps(path: np.ndarray) -> int:
    """How often one feature jumps, from its D at every record.

    >>> jumps(np.linspace(0.4, 0.5, 30))
    0
    """
    return len(places_of_jumps(path))


def places_of_jumps(path: np.ndarray) -> list[int]:
    """The records at which one feature has just arrived by a jump.

    >>> places_of_jumps(np.array([0.4, 0.4, 0.4, 0.45, 0.5, 0.5, 0.5]))
    [4]
    """
    away = np.abs(path[:, None] - LEVELS)
    level = np.where(away.min(axis=1) <= levels.NEAR, away.argmin(axis=1), -1)
    starts = np.flatnonzero(np.diff(level, prepend=-2))
    ends = np.append(starts[1:], len(level))
    rests = [
        (LEVELS[level[start]], start, end)
        for start, end in zip(starts, ends, strict=True)
        if level[start] >= 0 and end - start >= LEAST_RECORDS
    ]
    return [
        int(after)
        for (old, since, until), (new, after, end) in itertools.pairwise(rests)
        if abs(old - new) > SAME and after - until < min(until - since, end - after)
    ]


def drop_alignment(W: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """Correlation over late intervals of the loss's fall with how far all D_i move, sum_i |dD_i|.

    1 where the loss falls when features move and only then. Late is when less than a tenth of the
    whole fall is left: before that it is high for any two things that settle. NaN where fewer than
    four intervals are late, or nothing changes.

    Source: toysup, for Elhage et al. 2022, "Discrete 'Energy Level' Jumps".
    """
    moved = np.abs(np.diff(dimensionality(W), axis=-2)).sum(axis=-1)
    flat = zip(
        moved.reshape(-1, moved.shape[-1]), losses.reshape(-1, losses.shape[-1]), strict=True
    )
    return np.array([late_correlation(*both) for both in flat]).reshape(losses.shape[:-1])


def late_correlation(moved: np.ndarray, losses: np.ndarray) -> float:
    """The correlation of one run."""
    left = losses - losses[-1]
    late = np.flatnonzero(left < LATE * left[0])
    x, y = moved[late.min(initial=len(moved)) :], -np.diff(losses)[late.min(initial=len(moved)) :]
    if len(x) < 4 or not (np.std(x) > 0 and np.std(y) > 0):
        return np.nan
    return float(np.corrcoef(x, y)[0, 1])


def polygon_gap(losses: np.ndarray, n_features: int) -> np.ndarray:
    """How far the loss is from that of a polygon while it rests, as a share of it, at most.

    It rests where it changes by less than 0.5% from one record to the next. The losses are those of
    `theory.polygon_losses`: of two dimensions, under mse, with one feature in each sample. NaN
    where it never rests.

    Source: toysup, for Chen et al. 2023.
    """
    known = np.array([loss for loss in theory.polygon_losses(n_features).values() if loss > 0])
    later = losses[..., 1:]
    rests = np.abs(np.diff(losses, axis=-1)) < RESTING * later
    gap = np.abs(later[..., None] / known - 1).min(axis=-1)
    largest = np.where(rests, gap, -1).max(axis=-1)
    return np.where(largest < 0, np.nan, largest)
