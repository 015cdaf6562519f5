"""Loss basins: whether the losses of a condition's seeds form two groups.

The mean over both groups describes neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toysup.verdict.groups import by_count, chosen_of

LEAST_SEEDS = 5  # two groups of two can be any distance apart by chance
LEAST_SIDE = 2  # one seed alone is an outlier, not a group
# Ashman's D of the split at the largest gap. Of 800,000 normal samples each, 0.81% reach it with 5
# seeds, 0.31% with 6, 0.005% with 10, and none with 20.
SEPARATION = 13.0
ROUNDING = 1e-5  # of the largest loss: the rounding of float32 in sums that should be equal


@dataclass(frozen=True)
class Basins:
    """The number of seeds in the basin of lower loss, and the mean loss of each basin."""

    seeds: int
    lower: int
    share: float  # of the seeds, in the lower basin
    lower_mean: float
    upper_mean: float


def basins_of(losses: np.ndarray, sizes: Sequence[int] | np.ndarray) -> list[Basins | None]:
    """The two basins of the losses of each condition's seeds; None if there is only one.

    `losses` is (rows,), and `sizes` says how many neighbouring rows are a condition. The losses are
    split at the largest gap between neighbours. There are two basins if both sides have at least
    LEAST_SIDE seeds and Ashman's D = sqrt(2) (b - a) / sqrt(s_a^2 + s_b^2) is above SEPARATION,
    with a and b the means and s the standard deviations (n - 1). D is infinite if both deviations
    are 0. Losses that are not finite are ignored. With fewer than LEAST_SEEDS finite losses the
    result is None.

    >>> losses = np.array([1.0, 1.001, 1.002, 2.0, 2.001, 1.0, 1.1, 1.2, 1.3, 1.4])
    >>> two, one = basins_of(losses, [5, 5])
    >>> two.share, one
    (0.6, None)

    Source: Ashman, Bird & Zepf 1994, "Detecting bimodality in astronomical datasets".
    """
    finite = np.isfinite(losses)
    losses, counts = losses[finite], chosen_of(finite, sizes)
    found: list[Basins | None] = [None] * len(counts)
    for groups, places in by_count(counts):
        seeds = places.shape[-1]
        if seeds < LEAST_SEEDS:
            continue
        ordered = np.sort(losses[places], axis=-1)
        split = np.diff(ordered).argmax(axis=-1) + 1
        sides = np.minimum(split, seeds - split) >= LEAST_SIDE
        groups, ordered, split = groups[sides], ordered[sides], split[sides, None]
        is_lower = np.arange(seeds) < split
        (lower, of_lower), (upper, of_upper) = (
            mean_and_variance(ordered, side) for side in (is_lower, ~is_lower)
        )
        gap, spread = upper - lower, np.sqrt((of_lower + of_upper) / 2)
        noise = ROUNDING * np.abs(ordered).max(axis=-1)
        two = (gap > noise) & (gap > SEPARATION * spread)
        columns = (x[two].tolist() for x in (groups, split[:, 0], lower, upper))
        for group, count, *means in zip(*columns, strict=True):
            found[group] = Basins(seeds, count, count / seeds, *means)
    return found


def mean_and_variance(values: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean and the variance (n - 1) of the chosen values of each row, `(rows,)` each."""
    mean = values.mean(axis=-1, where=chosen)
    return mean, values.var(axis=-1, where=chosen, ddof=1)
