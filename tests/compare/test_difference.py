"""Differences of two runs have the intervals that textbooks and scipy have."""

import math

import numpy as np
import pytest
from scipy import stats

from toysup.compare.difference import PAIRED, WELCH, difference
from toysup.verdict.statistics import welch_interval

RNG = np.random.default_rng(0)
FIRST = dict(enumerate(RNG.normal(0, 1, 8).tolist()))
SECOND = {seed: value + 0.3 + 0.1 * RNG.normal() for seed, value in FIRST.items()}


def test_a_paired_interval_is_that_of_the_differences_seed_by_seed():
    found = difference(FIRST, SECOND, paired=True)
    apart = [SECOND[seed] - FIRST[seed] for seed in range(8)]
    mean = sum(apart) / 8
    deviation = math.sqrt(sum((x - mean) ** 2 for x in apart) / 7)
    reach = 2.364624 * deviation / math.sqrt(8)  # t of 7 degrees of freedom, from a table
    assert (found.how, found.seeds) == (PAIRED, (8, 8))
    assert [found.value, found.low, found.high] == pytest.approx(
        [mean, mean - reach, mean + reach], rel=1e-6
    )


def test_an_interval_of_other_seeds_is_welchs():
    second = {seed + 100: 3 * value for seed, value in list(SECOND.items())[:5]}
    found = difference(FIRST, second, paired=True)
    known = stats.ttest_ind(list(second.values()), list(FIRST.values()), equal_var=False)
    low, high = known.confidence_interval(0.95)
    assert (found.how, found.seeds) == (WELCH, (8, 5))
    assert [found.low, found.high] == pytest.approx([low, high])


def test_the_same_seeds_with_other_randomness_are_not_paired():
    paired, welch = (difference(FIRST, SECOND, paired) for paired in (True, False))
    assert welch.how == WELCH
    assert welch.value == pytest.approx(paired.value)
    assert welch.high - welch.low > 5 * (paired.high - paired.low)


def test_pairs_are_matched_by_their_seeds_whatever_the_order():
    turned = dict(reversed(SECOND.items()))
    assert difference(FIRST, turned, paired=True) == difference(FIRST, SECOND, paired=True)


def test_seeds_without_a_number_and_seeds_of_one_run_are_left_out_of_pairs():
    first = {**FIRST, 8: 1e9, 9: math.nan}
    second = {**SECOND, 9: 5.0, 10: -1e9}
    assert difference(first, second, paired=True) == difference(FIRST, SECOND, paired=True)


def test_the_size_is_in_standard_deviations_of_seeds_within_a_run():
    first, second = {0: 1.0, 1: 3.0}, {0: 5.0, 1: 7.0}
    found = difference(first, second, paired=True)
    assert (found.value, found.low, found.high) == (4, 4, 4)
    assert found.size == pytest.approx(4 / math.sqrt(2))


def test_runs_whose_seeds_agree_differ_by_infinitely_many_deviations_or_none():
    same = {0: 1.0, 1: 1.0}
    assert difference(same, {0: 0.5, 1: 0.5}, paired=True).size == -math.inf
    assert difference(same, same, paired=True).size == 0


def test_a_run_without_numbers_has_no_difference_and_exceeds_every_tolerance():
    found = difference(FIRST, {0: math.nan}, paired=True)
    assert math.isnan(found.value)
    assert found.exceeds(1e9)
    assert not difference({0: math.nan}, {}, paired=True).exceeds(0)


def test_a_difference_exceeds_a_tolerance_on_either_side():
    found = difference({0: 1.0, 1: 1.0}, {0: 0.5, 1: 0.5}, paired=True)
    assert found.exceeds(0.49)
    assert not found.exceeds(0.5)


def test_a_single_seed_has_a_difference_without_bounds():
    found = welch_interval(np.array([1.0]), np.array([2.0, 4.0]))
    assert found.value == 2
    assert math.isnan(found.low)
    assert math.isnan(found.high)
