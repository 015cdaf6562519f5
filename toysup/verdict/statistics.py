"""What a handful of seeds can tell: intervals, p-values and their correction."""

from dataclasses import dataclass
from typing import Any, overload

import numpy as np

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """An estimate, a mean or a median, and the range it is known to; the bounds are NaN where they
    cannot be known. Numbers, or arrays of them.
    """

    value: Any
    low: Any
    high: Any


def student_interval(values: np.ndarray, confidence: float = CONFIDENCE) -> Interval:
    """The mean over seeds with Student's interval: mean +- t s / sqrt(seeds).

    `values` is `(..., seeds)`, and the bounds and means are arrays of its leading shape. Given the
    differences of two conditions seed by seed, it is the interval of a paired comparison: the same
    seed starts from the same weights and sees the same draws, so what the seeds share cancels.
    Exact for normal values at any confidence. A bootstrap of ten seeds knows no tail beyond its
    least resample, so it cannot be corrected for many comparisons, and this can.

    Seeds that agree exactly give an interval of no width. One seed gives a mean without bounds,
    and NaN gives NaN. The order of the seeds changes nothing.

    >>> student_interval([1.0, 1.0, 1.0])
    Interval(value=1.0, low=1.0, high=1.0)

    Source: Student 1908, "The probable error of a mean".
    """
    from scipy.special import stdtrit  # scipy.stats.t.ppf, without half a second of imports

    values = np.sort(np.asarray(values, dtype=float), axis=-1)
    seeds = values.shape[-1]
    if not seeds:
        values = np.full((*values.shape[:-1], 1), np.nan)
    agree = (values[..., 0] == values[..., -1]) & (seeds > 1)
    mean = np.where(agree, values[..., 0], values.mean(axis=-1))
    reach = np.full_like(mean, np.nan)
    if seeds > 1:
        t = -stdtrit(seeds - 1, (1 - confidence) / 2)
        reach = np.where(agree, 0, t * values.std(axis=-1, ddof=1) / np.sqrt(seeds))
    return Interval(*(x if x.ndim else x.item() for x in (mean, mean - reach, mean + reach)))


def clopper_pearson(successes: int, trials: int, confidence: float = CONFIDENCE) -> Interval:
    """The share of successes with its exact interval, which covers at least as often as it says.

    The lower bound is the share of which so many successes or more come with a chance of
    (1 - confidence) / 2, the upper one that of which so many or fewer do: quantiles of the beta
    distributions (k, n - k + 1) and (k + 1, n - k). None of 10 is below 0.31, all of 10 above 0.69.
    Without trials nothing is known: 0 to 1.

    >>> clopper_pearson(0, 10).high < 1 / 3 < clopper_pearson(0, 9).high
    True

    Source: Clopper & Pearson 1934, "The use of confidence or fiducial limits".
    """
    from scipy.special import betaincinv  # half a second less than scipy.stats

    k, n, tail = successes, trials, (1 - confidence) / 2
    low = float(betaincinv(k, n - k + 1, tail)) if k else 0.0
    high = float(betaincinv(k + 1, n - k, 1 - tail)) if k < n else 1.0
    return Interval(k / n if n else float("nan"), low, high)


@overload
def add_one_p(as_extreme: int, draws: int) -> float: ...
@overload
def add_one_p(as_extreme: np.ndarray, draws: int) -> np.ndarray: ...
def add_one_p(as_extreme: Any, draws: int) -> Any:
    """The p-value of an observation that `as_extreme` of the null's draws reach: (k + 1) / (n + 1).

    It is never 0: the observation counts as one draw of the null. The least it can be is
    1 / (draws + 1).

    >>> add_one_p(0, 999)
    0.001

    Source: Phipson & Smyth 2010, "Permutation p-values should never be zero".
    """
    return (as_extreme + 1) / (draws + 1)


def holm(p_values: np.ndarray) -> np.ndarray:
    """p-values corrected for how many there are, so that below alpha at most one in 1/alpha errs.

    The i-th smallest of n becomes max over j <= i of (n - j + 1) p_(j), at most 1. It holds for
    any dependence between the tests. NaN marks no test: it stays and is not counted. `(n,)`.

    >>> holm([0.01, 0.04, 0.03, float("nan")]).tolist()
    [0.03, 0.06, 0.06, nan]

    Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
    """
    p_values = np.asarray(p_values, dtype=float)
    corrected = np.full(p_values.shape, np.nan)
    tests = np.flatnonzero(~np.isnan(p_values))
    order = tests[np.argsort(p_values[tests], kind="stable")]
    factors = np.arange(order.size, 0, -1)
    corrected[order] = np.minimum(1, np.maximum.accumulate(factors * p_values[order]))
    return corrected
