import warnings

import numpy as np
import pytest

from toysup.statistics import (
    Interval,
    add_one_p,
    bootstrap_interval,
    holm,
    paired_difference,
)


def test_seeds_that_agree_give_an_interval_of_no_width_in_silence():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert bootstrap_interval([0.3] * 10) == Interval(
            pytest.approx(0.3), *[pytest.approx(0.3)] * 2
        )
        assert bootstrap_interval([0.0] * 10) == Interval(0, 0, 0)
        nearly = bootstrap_interval([1.0] * 9 + [1.0 + 1e-15])
        assert nearly.low == nearly.high
        bootstrap_interval([0.0] * 9 + [1e-6])
        bootstrap_interval([1.0, 2.0])


def test_too_few_seeds_have_no_interval():
    assert bootstrap_interval([2.0]).mean == 2
    assert np.isnan([bootstrap_interval([2.0]).low, bootstrap_interval([2.0]).high]).all()
    assert np.isnan(bootstrap_interval([]).mean)
    assert np.isnan(bootstrap_interval([1.0, np.nan]).mean)


def test_the_interval_covers_the_mean_about_as_often_as_it_says():
    rng = np.random.default_rng(0)
    inside = 0
    for values in rng.standard_normal((200, 20)):
        found = bootstrap_interval(values)
        assert found.low < found.mean < found.high
        inside += found.low < 0 < found.high
    assert 0.88 < inside / 200 < 0.99


def test_the_same_values_give_the_same_interval():
    values = np.random.default_rng(1).standard_normal(10)
    assert bootstrap_interval(values) == bootstrap_interval(values)


def test_pairing_removes_what_the_seeds_share():
    rng = np.random.default_rng(2)
    luck = rng.standard_normal(10) * 10
    first, second = luck + 1 + 0.01 * rng.standard_normal(10), luck
    found = paired_difference(first, second)
    assert found.low == pytest.approx(1, abs=0.03)
    assert found.high == pytest.approx(1, abs=0.03)
    with pytest.raises(ValueError, match="3 and 2 seeds do not pair"):
        paired_difference([1.0, 2.0, 3.0], [1.0, 2.0])


def test_a_p_value_is_never_zero():
    assert add_one_p(0, 1000) == 1 / 1001
    assert add_one_p(1000, 1000) == 1


def test_holm_on_a_worked_example():
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])


def test_holm_leaves_out_what_is_not_a_test_and_stays_under_one():
    np.testing.assert_array_equal(holm([np.nan, 0.9, 0.8]), [np.nan, 1, 1])
    assert holm([]).size == 0


def test_holm_keeps_the_chance_of_any_error():
    p = np.random.default_rng(3).uniform(size=(2000, 20))
    any_error = np.mean([(holm(row) < 0.05).any() for row in p])
    assert any_error == pytest.approx(0.05, abs=0.015)
