"""Two basins of loss: whether the seeds of a condition ended in two groups.

A mean over both describes neither, and an interval around it that of a mixture.
"""

from dataclasses import dataclass

import numpy as np

LEAST_SEEDS = 5  # two groups of two are as far apart as one likes by chance
LEAST_SIDE = 2  # one seed alone is an outlier, not a group
# Ashman's D of the split at the largest gap. Normal samples of 5 seeds reach it in 0.81%, of 6 in
# 0.31%, of 10 in 0.005%, and of 20 never (of 800,000 each).
SEPARATION = 13.0
ROUNDING = 1e-5  # of the largest loss: what float32 leaves of two sums that should be equal


@dataclass(frozen=True)
class Basins:
    """How many of the seeds are in the basin of lower loss, and the mean loss of each basin."""

    seeds: int
    lower: int
    share: float  # of the seeds that are in the lower basin
    lower_mean: float
    upper_mean: float


def basins(losses: np.ndarray) -> Basins | None:
    """The two basins that the losses of a condition's seeds, (seeds,), are in; None if in one.

    They are split at the largest gap between neighbours. There are two where both sides have two
    seeds or more and Ashman's D = sqrt(2) (b - a) / sqrt(s_a^2 + s_b^2) of their means and standard
    deviations (n - 1) is above SEPARATION; sides that agree exactly are as far apart as can be.
    Losses that are not finite, of seeds that diverged, do not count; of fewer than LEAST_SEEDS that
    are, nothing is said.

    >>> basins([1.0, 1.001, 1.002, 2.0, 2.001]).share, basins([1.0, 1.1, 1.2, 1.3, 1.4])
    (0.6, None)

    Source: Ashman, Bird & Zepf 1994, "Detecting bimodality in astronomical datasets".
    """
    losses = np.asarray(losses, dtype=float)
    losses = np.sort(losses[np.isfinite(losses)])
    if len(losses) < LEAST_SEEDS:
        return None
    place = int(np.diff(losses).argmax()) + 1
    lower, upper = losses[:place], losses[place:]
    if min(len(lower), len(upper)) < LEAST_SIDE:
        return None
    apart = upper.mean() - lower.mean()
    spread = np.sqrt((lower.var(ddof=1) + upper.var(ddof=1)) / 2)
    if apart <= ROUNDING * np.abs(losses).max() or apart <= SEPARATION * spread:
        return None
    count, seeds = len(lower), len(losses)
    return Basins(seeds, count, count / seeds, float(lower.mean()), float(upper.mean()))
