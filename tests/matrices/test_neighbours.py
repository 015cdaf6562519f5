"""What a sample says of the neighbours of all directions: held against all of them."""

import numpy as np
import pytest

from tests.matrices.test_judge import RNG, measured
from tests.matrices.test_sample import M, N, at_random, clusters, cone, some
from toysup.geometry import random_directions
from toysup.matrices.blocks import unit
from toysup.matrices.measured import represented
from toysup.matrices.neighbours import GROUPS, counted, neighbours, rare_cosine
from toysup.matrices.sample import Between, Estimate, Sampled

SAMPLES = 60


def of_samples(W, count, cosine):
    """What samples say of the neighbours that are closer than a cosine."""
    found = []
    for seed in range(SAMPLES):
        kept = some(W, count, seed).W
        [one] = neighbours(unit(kept), [cosine], Sampled(count, W.shape[1]))
        found.append(one)
    return found


def true_numbers(W, cosine):
    c = unit(W) @ unit(W).T
    np.fill_diagonal(c, -1)
    return (c > cosine).sum(axis=1)


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("count", [300, 900])
@pytest.mark.parametrize("make", [cone, clusters, at_random])
def test_the_number_of_neighbours_is_estimated_within_its_error(make, count):
    W = make()
    W = W[:, represented(W)]
    cosine = rare_cosine(W.shape[1], M)
    truth = true_numbers(W, cosine)
    found = of_samples(W, count, cosine)
    apart = np.array([one.number.value for one in found]) - truth.mean()
    errors = np.array([one.number.error for one in found])
    assert abs(apart.mean()) < 0.4 * errors.mean()
    assert apart.std() < 1.4 * errors.mean()
    lows = np.array([one.share.low.value - 2 * one.share.low.error for one in found])
    highs = np.array([one.share.high.value + 2 * one.share.high.error for one in found])
    share = (truth > 0).mean()
    # Of a few pairs in a sample the errors are rough: one sample of eight may miss.
    assert ((lows > share) | (highs < share)).sum() <= SAMPLES / 8


@pytest.mark.slow
def test_where_each_direction_has_a_twin_the_bounds_meet():
    """No direction has two neighbours, so as many have one as there are neighbours."""
    once = random_directions(RNG, 1, 40, N // 2)[0]
    found = of_samples(np.concatenate([once, once], axis=1), 900, 0.99)
    for end in ("low", "high"):
        shares = [getattr(one.share, end).value for one in found]
        assert np.mean(shares) == pytest.approx(1, abs=0.03)


def test_a_sample_without_a_close_pair_has_the_error_of_one_pair():
    [found] = neighbours(np.eye(5), [0.9], Sampled(5, 101))
    one_pair = (1 - 5 / 101) * 2 * 100 / (5 * 4)
    assert (found.number.value, found.number.error) == (0, pytest.approx(one_pair))
    assert found.share == Between(Estimate(0.0, 0.0), Estimate(0.0, 1.0))


def test_neighbours_are_counted_across_blocks_in_their_groups():
    U = unit(random_directions(RNG, 1, 6, 1300)[0])
    groups = RNG.integers(GROUPS, size=1300)
    c = U @ U.T
    np.fill_diagonal(c, -1)
    for cosine, counts in zip((0.5, 0.8), counted(U, (0.5, 0.8), groups), strict=True):
        expected = (c > cosine) @ np.eye(GROUPS)[groups]
        np.testing.assert_array_equal(counts, expected)


@pytest.mark.slow
def test_one_direction_in_a_hundred_at_random_is_as_close_as_the_rare_cosine():
    found = [measured(U) for U in random_directions(RNG, 20, 12, 400)]
    shares = [one.cosines.rare_share for one in found]
    assert np.mean(shares) == pytest.approx(0.01, abs=0.004)
