import math

import numpy as np
import pytest
from scipy.stats import binom

from toysup.verdict.medians import majority_p, median_interval, poisson_binomial, tail


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [6, 7, 10, 20, 50])
def test_the_interval_of_a_median_holds_it_as_often_as_it_says(seeds):
    rng = np.random.default_rng(seeds)
    draws = rng.exponential(size=(4000, seeds))
    inside = []
    for values in draws:
        found = median_interval(values)
        inside.append(found.low <= math.log(2) <= found.high)
    assert np.mean(inside) > 0.94


def test_a_wider_pair_of_order_statistics_would_be_needed_with_fewer_seeds():
    assert median_interval([1.0, 2.0, 3.0, 4.0, 5.0]).low == 1.0
    assert math.isnan(median_interval([1.0]).low)
    assert math.isnan(median_interval([]).value)
    assert math.isnan(median_interval([1.0, math.nan]).value)


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("seeds", [1, 2, 3, 4, 5, 10])
def test_p_values_of_majorities_are_no_smaller_than_the_null_allows(seeds):
    values = np.sort(np.random.default_rng(seeds).uniform(size=(4000, seeds)), axis=1)
    rows = values[:, seeds // 2 :, None].repeat(seeds, axis=2)  # a uniform seed's own chance
    p = np.array([majority_p(chances) for chances in rows])
    for level in (0.01, 0.05, 0.5):
        assert (p <= level).mean() <= level + 4 * (level / 4000) ** 0.5
    assert (p <= 0.05).mean() > 0.02


@pytest.mark.parametrize(("good", "rare"), [(10, True), (9, True), (6, True), (5, False)])
def test_a_few_bad_seeds_of_ten_decide_nothing(good, rare):
    observed = np.sort(np.where(np.arange(10) < good, 0.001, 1.0))
    assert (majority_p(np.repeat(observed[5:, None], 10, axis=1)) < 1e-6) == rare


def test_the_chance_of_some_events_is_the_sum_over_all_outcomes():
    chances = np.array([0.1, 0.5, 0.9, 0.2])
    expected = 0.0
    for outcome in range(2**4):
        happened = [(outcome >> i) & 1 for i in range(4)]
        if sum(happened) >= 3:
            expected += np.prod([c if h else 1 - c for c, h in zip(chances, happened, strict=True)])
    other = np.full(len(chances), 0.3)
    happened = poisson_binomial(np.stack([chances, other]))
    assert tail(happened[0], 3) == pytest.approx(expected)
    assert tail(happened[1], 3) == pytest.approx(binom.sf(2, len(chances), 0.3))


def test_what_is_not_known_has_no_p_value():
    assert math.isnan(majority_p(np.full((1, 1), math.nan)))
