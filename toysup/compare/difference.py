"""The difference of a metric between two runs, second less first, with its interval and size."""

import math
from dataclasses import dataclass

import numpy as np

from toysup.verdict.statistics import Interval, student_interval, welch_interval

Values = dict[int, float]  # by seed
PAIRED, WELCH = "paired", "Welch"


@dataclass(frozen=True)
class Difference:
    """The mean difference over seeds with its 95% interval. NaN where a run has no number."""

    value: float
    low: float
    high: float
    # Over the pooled standard deviation of the seeds: 1 is as far as seeds are from one another.
    # Infinite where the runs differ and no seed does.
    size: float
    how: str  # paired or Welch
    seeds: tuple[int, int]  # that have a number, of each run; paired: twice the pairs

    def exceeds(self, tolerance: float) -> bool:
        """Whether it is larger than the tolerance, or one run has a number and the other none."""
        return abs(self.value) > tolerance or (self.seeds[0] > 0) != (self.seeds[1] > 0)


def difference(first: Values, second: Values, paired: bool) -> Difference:
    """The difference of the means, second less first. Values that are not finite are left out.

    If `paired`, a seed has the same randomness in both runs: seeds that both have are compared one
    by one, and the others left out. Otherwise, and if the runs share fewer than two seeds, it is
    Welch's comparison of two samples.
    """
    first, second = finite(first), finite(second)
    shared = sorted(first.keys() & second.keys())
    paired = paired and len(shared) > 1
    keys = (shared, shared) if paired else (sorted(first), sorted(second))
    a, b = (np.array([run[s] for s in ks]) for run, ks in zip((first, second), keys, strict=True))
    found: Interval = student_interval(b - a) if paired else welch_interval(a, b)
    spread = pooled_deviation(a, b)
    if spread:
        size = found.value / spread
    else:
        size = math.copysign(math.inf, found.value) if found.value else found.value
    how, seeds = PAIRED if paired else WELCH, (len(a), len(b))
    return Difference(found.value, found.low, found.high, size, how, seeds)


def finite(values: Values) -> Values:
    return {seed: value for seed, value in values.items() if math.isfinite(value)}


def pooled_deviation(a: np.ndarray, b: np.ndarray) -> float:
    """The standard deviation of seeds about the mean of their run; NaN if no run has two.

    >>> pooled_deviation(np.array([1.0, 3.0]), np.array([5.0])) ** 2
    2.0000000000000004
    """
    squares = sum(((x - x.mean()) ** 2).sum() for x in (a, b) if len(x))
    freedom = len(a) + len(b) - 2
    return math.sqrt(squares / freedom) if len(a) and len(b) and freedom > 0 else math.nan
