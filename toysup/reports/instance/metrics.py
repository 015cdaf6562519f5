"""The numbers that a verdict rests on: of a seed, of all seeds, of random directions, the best."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toysup.verdict import DEFAULTS, Verdict
from toysup.verdict.indices import share
from toysup.verdict.medians import median_interval
from toysup.verdict.optima import Optima
from toysup.verdict.rows import measure_rows
from toysup.verdict.statistics import Interval

NONE = (math.nan, math.nan)
UNKNOWN = Interval(math.nan, *NONE)
ZERO, ONE = (0.0, 0.0), (1.0, 1.0)


@dataclass(frozen=True)
class Metric:
    """A number of one model beside that of the seeds, of random directions and of the optimum."""

    name: str
    value: float
    seeds: Interval  # the median over seeds with its 95% interval
    random: Interval  # the median of as many random seeds, and the central 95% of such medians
    best: tuple[float, float]  # the least and the most that the optimum may be; NaN if none


def metrics(rows: pd.DataFrame, place: int, v: Verdict) -> tuple[Metric, ...]:
    """Of the row at `place` among the rows of its condition, which has the verdict `v`."""
    known, row = measure_rows(rows, DEFAULTS.represented), rows.iloc[place]
    r, T, P, unread, stake = (
        float(values[place])
        for values in (
            known.n_represented,
            known.squared_interference,
            known.positive_interference,
            known.mean_readout_unexplained,
            known.stake,
        )
    )
    best = Optima().of("packing", int(r), v.d_hidden, search=v.searched)
    index = share(np.ones(1), np.array([P]), np.array([best.found]))[0] if v.searched else math.nan
    exponential = float(row.get("exponential_index", math.nan))
    of_seeds = [median_interval(x[np.isfinite(x)]) for x in (known.n_represented, known.loss)]
    null = v.random
    return (
        Metric("represented", r, of_seeds[0], UNKNOWN, NONE),
        Metric("T", T, v.squared_interference, null.squared_interference, ZERO),
        Metric("P", P, v.positive_interference, null.positive_interference, (best.low, best.found)),
        Metric("index", index, v.minimisation_index, null.minimisation_index, ONE),
        Metric("exp. index", exponential, v.exponential_index, exactly(0), ONE),
        Metric("unexplained", unread, v.readout_unexplained, UNKNOWN, ZERO),
        Metric("loss", row["loss"], of_seeds[1], exactly(row["loss"] + stake), NONE),
    )


def exactly(value: float) -> Interval:
    """A number that has no spread over seeds."""
    return Interval(value, *NONE)
