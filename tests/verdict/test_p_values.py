import itertools
import math

import numpy as np
import pytest

from toysup.geometry import random_directions
from toysup.metrics.interference import positive_interference, squared_interference
from toysup.verdict import p_values
from toysup.verdict.nulls import LARGEST_DRAWN, haar_pool, random_pool, tight_pool
from toysup.verdict.p_values import ROUNDING, p_values_of


def metrics(U):
    return [f(U, threshold=0) for f in (squared_interference, positive_interference)]


@pytest.mark.slow
def test_an_observation_is_a_draw_so_that_no_p_value_is_0():
    lone = np.array([-1.0]), np.array([-1.0]), np.array([0.0]), np.array([0.0])
    [found] = p_values_of([(20, 5)], *lone)
    size = random_pool(20, 5).shape[1]
    assert found.T_below_random == found.P_below_random == 1 / (size + 1)
    assert found.P_below_tight == 1 / (len(tight_pool(20, 5)) + 1)
    assert found.T_above_random == 1


@pytest.mark.long
def test_each_seed_is_matched_by_as_many_directions_in_as_many_dimensions():
    shapes, T, P = [(6, 3), (8, 3), (6, 4)], np.array([0.7, 0.8, 0.9]), np.array([0.6, 0.9, 0.8])
    [found] = p_values_of(shapes, T, P, np.zeros(3), np.zeros(3))
    rng = np.random.default_rng(10)
    fresh = [metrics(random_directions(rng, 9000, m, r)) for r, m in shapes]
    squares, positives = (np.stack(values) for values in zip(*fresh, strict=True))
    for values, drawn, p in (
        (T, squares, found.T_below_random),
        (P, positives, found.P_below_random),
    ):
        two, three = ((drawn <= x).sum(axis=0) for x in np.sort(values)[1:])
        expected = 2 * min((two >= 2).mean(), (three >= 3).mean())
        assert p == pytest.approx(min(1, expected), abs=0.03)
    assert found.sharing_above_random == 1


@pytest.mark.slow
def test_seeds_without_more_features_than_dimensions_say_nothing_of_tight_frames():
    lone, pair = np.zeros((4, 1)), np.zeros((4, 2))
    assert np.isnan(p_values_of([(4, 4)], *lone)[0].P_below_tight)
    alone = p_values_of([(9, 4)], *lone)[0].P_below_tight
    assert p_values_of([(4, 4), (9, 4)], *pair)[0].P_below_tight == pytest.approx(alone)


def test_in_one_dimension_only_positive_interference_is_tested():
    [found] = p_values_of([(2, 1)] * 10, np.full(10, np.nan), *np.zeros((3, 10)))
    assert np.isnan([found.T_below_random, found.T_above_random]).all()
    assert found.P_below_random == pytest.approx(2 * 2**-10, rel=0.3)


def naive(shapes, T, P, sharing, same):
    """The p-values of one group, seed by seed and majority by majority."""
    seeds = len(shapes)

    def p_value(values, pools, low):
        centres = [sorted((pool.mean(), np.median(pool)))[0 if low else 1] for pool in pools]
        away = np.median(centres) - np.median(values)
        if (away if low else -away) < -ROUNDING:
            return 1.0
        ordered = sorted(values, reverse=not low)
        majorities = []
        for k in range(seeds // 2 + 1, seeds + 1):
            least = ordered[k - 1]
            extreme = [
                (pool <= least + ROUNDING if low else pool >= least - ROUNDING) for pool in pools
            ]
            chances = [(e.sum() + 1) / (len(e) + 1) for e in extreme]
            chance = 0.0
            for happened in itertools.product((True, False), repeat=seeds):
                if sum(happened) >= k:
                    each = zip(chances, happened, strict=True)
                    chance += math.prod(c if h else 1 - c for c, h in each)
            majorities.append(chance)
        *smaller, every = majorities
        if not smaller:
            return every
        return min(1.0, 2 * every, 2 * len(smaller) * min(smaller))

    drawn = [random_pool(*shape) for shape in shapes]
    places = {"T": 0, "P": 1, "sharing": 2, "same": 3}
    pools = {name: [pool[place] for pool in drawn] for name, place in places.items()}
    flat = any(m == 1 for _, m in shapes) or np.isnan(T).any()
    tight = math.nan
    if any(r > m for r, m in shapes):
        tight = p_value(P, [tight_pool(*shape) for shape in shapes], True)
        if all(r <= LARGEST_DRAWN for r, _ in shapes):
            white = [(haar_pool if r > m else tight_pool)(r, m) for r, m in shapes]
            tight = max(tight, p_value(P, white, True))
    return [
        math.nan if flat else p_value(T, pools["T"], True),
        math.nan if flat else p_value(T, pools["T"], False),
        p_value(P, pools["P"], True),
        p_value(P, pools["P"], False),
        tight,
        min(
            1.0,
            2 * p_value(sharing, pools["sharing"], False),
            2 * p_value(same, pools["same"], False),
        ),
    ]


@pytest.mark.slow
def test_groups_side_by_side_have_the_p_values_of_each_by_itself(monkeypatch):
    rng = np.random.default_rng(5)
    kinds = [(20, 5), (5, 5), (2, 1), (90, 10), (3, 5), (6, 5)]
    sizes = [1, 3, 4, 0, 5, 5, 1, 3, 4, 2, 3]
    groups = [[kinds[i] for i in rng.integers(len(kinds), size=size)] for size in sizes]
    groups[1] = groups[4][:3] = [(20, 5)] * 3
    shapes = [shape for group in groups for shape in group]
    T, P = rng.normal(0.9, 0.3, (2, len(shapes))).clip(0)
    T[[2, 9]] = np.nan
    sharing, same = rng.choice([0, 0.1, 0.4], (2, len(shapes)))
    monkeypatch.setattr(p_values, "NUMBERS_AT_ONCE", 20)  # one group of four at a time
    found = p_values.p_values_of(shapes, T, P, sharing, same, sizes=sizes)
    assert np.isnan(found[3].all).all()
    for group, (start, end) in zip(found, itertools.pairwise(np.cumsum([0, *sizes])), strict=True):
        if start < end:
            here = (values[start:end] for values in (T, P, sharing, same))
            np.testing.assert_allclose(group.all, naive(shapes[start:end], *here), rtol=1e-9)
    assert len({p for group in found for p in group.all}) > 20
