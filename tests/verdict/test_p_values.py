import numpy as np
import pytest

from toysup.geometry import random_directions
from toysup.metrics.interference import positive_interference, squared_interference
from toysup.verdict.nulls import random_pool, tight_pool
from toysup.verdict.p_values import p_values_of, p_values_of_each


def metrics(U):
    return [f(U, threshold=0) for f in (squared_interference, positive_interference)]


@pytest.mark.slow
def test_an_observation_is_a_draw_so_that_no_p_value_is_0():
    lone = np.array([-1.0]), np.array([-1.0]), np.array([0.0]), np.array([0.0])
    found = p_values_of([(20, 5)], *lone)
    size = random_pool(20, 5).shape[1]
    assert found.T_below_random == found.P_below_random == 1 / (size + 1)
    assert found.P_below_tight == 1 / (len(tight_pool(20, 5)) + 1)
    assert found.T_above_random == 1


@pytest.mark.long
def test_each_seed_is_matched_by_as_many_directions_in_as_many_dimensions():
    shapes, T, P = [(6, 3), (8, 3), (6, 4)], np.array([0.7, 0.8, 0.9]), np.array([0.6, 0.9, 0.8])
    found = p_values_of(shapes, T, P, np.zeros(3), np.zeros(3))
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
    assert np.isnan(p_values_of([(4, 4)], *lone).P_below_tight)
    alone = p_values_of([(9, 4)], *lone).P_below_tight
    assert p_values_of([(4, 4), (9, 4)], *pair).P_below_tight == pytest.approx(alone)


def test_in_one_dimension_only_positive_interference_is_tested():
    found = p_values_of([(2, 1)] * 10, np.full(10, np.nan), *np.zeros((3, 10)))
    assert np.isnan([found.T_below_random, found.T_above_random]).all()
    assert found.P_below_random == pytest.approx(2 * 2**-10, rel=0.3)


def test_each_of_many_seeds_has_the_p_values_of_a_group_of_one():
    rng = np.random.default_rng(5)
    shapes = [(20, 5), (5, 5), (2, 1), (90, 10), (3, 5)] * 4
    T, P = rng.uniform(0, 2, (2, len(shapes)))
    T[[2, 5]] = np.nan
    sharing, same = rng.choice([0, 0.1, 0.4], (2, len(shapes)))
    together = p_values_of_each(shapes, T, P, sharing, same)
    for i, shape in enumerate(shapes):
        alone = p_values_of([shape], *(x[[i]] for x in (T, P, sharing, same)))
        np.testing.assert_array_equal(together[i].all, alone.all)
