"""Loss basins: whether the losses of a condition's seeds form two groups.

The mean over both groups describes neither.
"""

from dataclasses import dataclass

import numpy as np

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


def basins(losses: np.ndarray) -> Basins | None:
    """The two basins of the losses of a condition's seeds, (seeds,); None if there is only one.

    The losses are split at the largest gap between neighbours. There are two basins if both sides
    have at least LEAST_SIDE seeds and Ashman's D = sqrt(2) (b - a) / sqrt(s_a^2 + s_b^2) is above
    SEPARATION, with a and b the means and s the standard deviations (n - 1). D is infinite if both
    deviations are 0. Losses that are not finite are ignored. With fewer than LEAST_SEEDS finite
    losses the result is None.

    >>> basins([1.0, 1.001, 1.002, 2.0, 2.001]).share, basins([1.0, 1.1, 1.2, 1.3, 1.4])
    (0.6, None)

    Source: Ashman, Bird & Zepf 1994, "Detecting bimodality in astronomical datasets".
    """
    losses = np.asarray(losses, dtype=float)
    losses = np.sort(losses[np.isfinite(losses)])
    if len(losses) < LEAST_SEEDS:
        return None
    split = int(np.diff(losses).argmax()) + 1
    lower, upper = losses[:split], losses[split:]
    if min(len(lower), len(upper)) < LEAST_SIDE:
        return None
    gap = upper.mean() - lower.mean()
    spread = np.sqrt((lower.var(ddof=1) + upper.var(ddof=1)) / 2)
    if gap <= ROUNDING * np.abs(losses).max() or gap <= SEPARATION * spread:
        return None
    count, seeds = len(lower), len(losses)
    return Basins(seeds, count, count / seeds, float(lower.mean()), float(upper.mean()))
