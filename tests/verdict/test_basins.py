"""Seeds that end in two basins of loss are told from those whose losses merely differ."""

from itertools import pairwise

import numpy as np
import pytest

from toysup.verdict.basins import LEAST_SEEDS, SEPARATION, Basins, basins_of


def basins(losses):
    [found] = basins_of(np.asarray(losses, dtype=float), [len(losses)])
    return found


def normal(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


def separation(losses):
    """Ashman's D of the split at the largest gap, by a loop; None where a side has one seed."""
    losses = sorted(losses)
    gaps = [b - a for a, b in pairwise(losses)]
    place = gaps.index(max(gaps)) + 1
    sides = losses[:place], losses[place:]
    if min(map(len, sides)) < 2:
        return None
    (a, b), (s, t) = map(np.mean, sides), (np.std(side, ddof=1) for side in sides)
    return 2**0.5 * (b - a) / (s**2 + t**2) ** 0.5


def test_two_groups_are_two_basins_with_the_share_of_the_lower_and_the_means_of_both():
    found = basins([2.001, 1.0, 1.002, 2.0, 1.001])
    assert (found.seeds, found.lower, found.share) == (5, 3, 0.6)
    assert (found.lower_mean, found.upper_mean) == pytest.approx((1.001, 2.0005))


def test_groups_that_agree_exactly_are_two_basins_and_one_group_is_not():
    assert basins([1.0] * 7 + [2.0] * 3) == Basins(10, 7, 0.7, 1.0, 2.0)
    assert basins([1.0] * 10) is None


def test_what_float32_rounds_is_no_second_basin():
    above = float(np.nextafter(np.float32(1), np.float32(2)))
    assert basins([1.0] * 5 + [above] * 5) is None


def test_a_seed_alone_is_no_basin_and_few_seeds_say_nothing():
    assert basins([1.0, 1.001, 1.002, 1.001, 9.0]) is None
    assert basins([1.0, 1.0, 2.0, 2.0]) is None
    assert basins([]) is None


def test_seeds_that_diverged_do_not_count():
    losses = [1.0, 1.001, 1.002, 2.0, 2.001]
    assert basins([*losses, np.inf, np.nan]) == basins(losses)


def test_conditions_side_by_side_have_the_basins_of_each_by_itself():
    groups = [[1.0] * 4 + [2.0] * 3, [], [1.0, 2.0], [3.0] * 5, [1.0, 1.0, 2.0, np.inf, 2.0, 2.0]]
    found = basins_of(np.concatenate(groups), list(map(len, groups)))
    assert found == [basins(group) for group in groups]
    assert [two is not None for two in found] == [True, False, False, False, True]


def test_order_scale_and_shift_change_nothing():
    losses = np.concatenate([1 + 0.01 * normal(0, 6), 2 + 0.01 * normal(1, 4)])
    for changed in (losses[::-1], 1e-6 * losses, losses - 5):
        assert basins(changed).share == 0.6


@pytest.mark.slow
def test_there_are_two_exactly_where_ashmans_d_is_above_the_level():
    samples = np.concatenate([normal(2, 2000, 6), normal(3, 2000, 6) * 0.1 + [0, 0, 0, 1, 1, 1]])
    found = [two is not None for two in basins_of(5 + samples.ravel(), [6] * len(samples))]
    naive = [(separation(sample) or 0) > SEPARATION for sample in samples]
    assert found == naive
    assert 0 < sum(found) < len(found)


@pytest.mark.long
@pytest.mark.some(2)
@pytest.mark.parametrize("seeds", [LEAST_SEEDS, 6, 10, 20])
def test_normal_samples_are_called_two_basins_in_under_one_in_a_hundred(seeds):
    """Of 20,000 samples fewer than 200, by the margin of three standard deviations at 5 seeds."""
    samples = 100 + normal(seeds, 20000, seeds)
    found = basins_of(samples.ravel(), [seeds] * len(samples))
    assert sum(two is not None for two in found) < 200
