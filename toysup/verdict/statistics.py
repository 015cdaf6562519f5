"""Statistics of a few seeds: intervals, p-values and their correction."""

import math
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """An estimate, such as a mean or a median, with its bounds. An unknown bound is NaN.

    All three are numbers, or arrays of equal shape.
    """

    value: Any
    low: Any
    high: Any


def student_interval(values: np.ndarray, confidence: float = CONFIDENCE) -> Interval:
    """The mean over seeds with Student's interval: mean +- t s / sqrt(seeds).

    `values` is `(..., seeds)`; the mean and the bounds have its leading shape. For the differences
    of two conditions, seed by seed, it is a paired comparison: a seed has the same initial weights
    and draws in both, so that their common effect cancels. The interval is exact for normal values
    at any confidence. A bootstrap of ten seeds has no tail beyond its smallest resample, so it
    could not be corrected for many comparisons.

    Seeds with equal values give an interval of width 0. One seed gives a mean without bounds.
    NaN gives NaN. The order of the seeds does not matter.

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


def welch_interval(
    first: np.ndarray, second: np.ndarray, confidence: float = CONFIDENCE
) -> Interval:
    """The difference of two means, second less first, of samples that are not paired.

        difference +- t_f sqrt(a + b),  a, b = s^2 / n of each,
        f = (a + b)^2 / (a^2 / (n_1 - 1) + b^2 / (n_2 - 1))

    The variances may differ. Two samples without any spread give an interval of width 0. A sample
    of one value gives a difference without bounds, and an empty one NaN.

    >>> welch_interval(np.array([1.0, 1.0]), np.array([3.0, 3.0]))
    Interval(value=2.0, low=2.0, high=2.0)

    Source: Welch 1947, "The generalization of Student's problem when several different population
    variances are involved".
    """
    from scipy.special import stdtrit

    if not len(first) or not len(second):
        return Interval(math.nan, math.nan, math.nan)
    value = float(second.mean() - first.mean())
    if min(len(first), len(second)) < 2:
        return Interval(value, math.nan, math.nan)
    a, b = (x.var(ddof=1) / len(x) for x in (first, second))
    if not a + b:
        return Interval(value, value, value)
    freedom = (a + b) ** 2 / (a**2 / (len(first) - 1) + b**2 / (len(second) - 1))
    reach = float(-stdtrit(freedom, (1 - confidence) / 2) * np.sqrt(a + b))
    return Interval(value, value - reach, value + reach)


def clopper_pearson(successes: int, trials: int, confidence: float = CONFIDENCE) -> Interval:
    """The share of successes with its exact interval, whose coverage is at least the confidence.

    With the lower bound as the true share, k or more successes have probability
    (1 - confidence) / 2; with the upper bound, k or fewer do. They are quantiles of the beta
    distributions (k, n - k + 1) and (k + 1, n - k). 0 of 10 gives an upper bound of 0.31, and 10 of
    10 a lower bound of 0.69. Without trials the bounds are 0 and 1.

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
    """The p-value (k + 1) / (n + 1), if k = `as_extreme` of n = `draws` of the null are as extreme.

    The observation counts as one draw of the null, so that the p-value is at least 1 / (n + 1).

    >>> add_one_p(0, 999)
    0.001

    Source: Phipson & Smyth 2010, "Permutation p-values should never be zero".
    """
    return (as_extreme + 1) / (draws + 1)


def holm(p_values: np.ndarray) -> np.ndarray:
    """p-values, `(n,)`, corrected for their number: P(any false rejection at alpha) <= alpha.

    The i-th smallest of n becomes max over j <= i of (n - j + 1) p_(j), at most 1. The correction
    is valid for any dependence between the tests. NaN means no test: it stays NaN and is not
    counted in n.

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
