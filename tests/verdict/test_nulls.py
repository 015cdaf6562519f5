import numpy as np
import pytest

from toysup.geometry import packing_optimum, random_directions, random_tight_frames
from toysup.metrics.interference import positive_interference, squared_interference
from toysup.verdict.nulls import FEW, SAMPLERS, Observed, anchor, compare, drawn, n_draws, pool


def observed_in(m, ranks, T, P):
    return Observed(tuple((r, m) for r in ranks), T, P)


@pytest.mark.parametrize("null", SAMPLERS)
def test_a_pool_holds_the_metrics_of_its_matrices(null):
    r, m = 20, 5
    first = SAMPLERS[null](np.random.default_rng([list(SAMPLERS).index(null), r, m]), 1000, m, r)
    expected = [f(first, threshold=0) for f in (squared_interference, positive_interference)]
    np.testing.assert_allclose(pool(null, r, m)[:1000].T, expected, rtol=1e-9)


@pytest.mark.parametrize("null", SAMPLERS)
def test_between_anchors_a_pool_is_as_if_it_were_drawn(null):
    """A normal sample of 1000 has a standard error of 3% of its spread, its 1% quantile of 12%."""
    r, m = 90, 10
    assert FEW < r < 2 * FEW
    fresh, found = drawn(null, r, m), pool(null, r, m)
    spread = fresh.std(axis=0)
    np.testing.assert_allclose(found.std(axis=0), spread, rtol=0.1)
    np.testing.assert_array_less(abs(found.mean(axis=0) - fresh.mean(axis=0)), 0.15 * spread)
    for share in (0.01, 0.99):
        away = np.quantile(found, share, axis=0) - np.quantile(fresh, share, axis=0)
        np.testing.assert_array_less(abs(away), 0.5 * spread)


def test_many_numbers_of_directions_cost_no_more_than_a_few():
    pool("random", 65, 3)
    before = anchor.cache_info().misses
    for r in range(66, 128):
        pool("random", r, 3)
    assert anchor.cache_info().misses == before


def test_the_least_p_stays_well_under_what_holm_asks_for():
    assert n_draws(1, 0.01) == 1000
    for conditions in (10, 70, 1000):
        assert conditions / (n_draws(conditions, 0.01) + 1) <= 0.01 / 10


def test_p_values_agree_with_fresh_groups():
    rng = np.random.default_rng(5)
    ranks = (6, 6, 8)
    observed = observed_in(3, ranks, 0.8, 0.9)
    T = sum(squared_interference(random_directions(rng, 20_000, 3, r)) for r in ranks) / 3
    P = sum(positive_interference(random_directions(rng, 20_000, 3, r)) for r in ranks) / 3
    found = compare([observed], 20_000)[0]
    assert found.p_values.T_below_random == pytest.approx((T <= 0.8).mean(), abs=0.02)
    assert found.p_values.T_above_random == pytest.approx((T >= 0.8).mean(), abs=0.02)
    assert found.p_values.P_below_random == pytest.approx((P <= 0.9).mean(), abs=0.02)
    assert found.p_values.P_above_random == pytest.approx((P >= 0.9).mean(), abs=0.02)
    assert found.random.squared_interference.low == pytest.approx(np.quantile(T, 0.025), abs=0.03)
    assert found.random.positive_interference.high == pytest.approx(np.quantile(P, 0.975), abs=0.03)


def test_the_band_of_the_index_uses_each_seeds_optimum():
    rng = np.random.default_rng(6)
    P = {r: positive_interference(random_directions(rng, 20_000, 2, r)) for r in (3, 7)}
    index = sum((1 - P[r]) / (1 - packing_optimum(r, 2).found) for r in P) / 2
    band = compare([observed_in(2, (3, 7), 1.0, 1.0)], 10_000)[0].random.minimisation_index
    assert band.value == pytest.approx(0, abs=0.03)
    assert band.low == pytest.approx(np.quantile(index, 0.025), rel=0.08)
    assert band.high == pytest.approx(np.quantile(index, 0.975), rel=0.08)


def test_tight_frames_are_matched_to_tight_frames():
    W = random_tight_frames(np.random.default_rng(7), 5, 5, 20)
    T, P = (f(W, threshold=0).mean() for f in (squared_interference, positive_interference))
    found = compare([observed_in(5, (20,) * 5, T, P)], 1000)[0]
    assert found.p_values.T_below_random == 1 / 1001
    assert found.p_values.T_below_tight > 0.05


def test_more_groups_do_not_change_a_groups_p_values():
    groups = [observed_in(5, (20,) * 5, 1.1, 0.97), observed_in(5, (20, 18, 20), 0.7, 0.9)]
    together = compare(groups, 12_000)
    assert compare(groups[1:], 12_000)[0] == together[1]
    assert compare(groups, 12_000) == together
    assert compare([], 1000) == []


def test_in_one_dimension_only_positive_interference_is_tested():
    p = compare([observed_in(1, (2,) * 10, np.nan, 0.0)], 100_000)[0].p_values
    assert np.isnan([p.T_below_random, p.T_above_random, p.T_below_tight]).all()
    assert p.P_below_random == pytest.approx(2**-10, rel=0.3)
    assert p.P_above_random == 1


def test_seeds_with_fewer_dimensions_in_use_are_matched_to_as_many():
    rng = np.random.default_rng(8)
    observed = Observed(((6, 3), (6, 2)), 0.8, 0.9)
    P = sum(positive_interference(random_directions(rng, 20_000, m, 6)) for m in (3, 2)) / 2
    found = compare([observed], 20_000)[0]
    assert found.p_values.P_below_random == pytest.approx((P <= 0.9).mean(), abs=0.02)
    assert found.random.positive_interference.high == pytest.approx(np.quantile(P, 0.975), abs=0.03)
