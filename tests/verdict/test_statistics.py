import warnings

import numpy as np
import pytest
from scipy import stats

from toysup.verdict.statistics import (
    Interval,
    add_one_p,
    clopper_pearson,
    holm,
    student_interval,
)


def test_students_interval_is_that_of_the_textbook():
    values = np.random.default_rng(2).standard_normal((3, 4, 10))
    found = student_interval(values, 0.999)
    assert found.low.shape == (3, 4)
    expected = stats.t.interval(0.999, 9, values.mean(axis=-1), stats.sem(values, axis=-1))
    np.testing.assert_allclose([found.low, found.high], expected)


def test_students_intervals_of_many_comparisons_hold_together():
    values = np.random.default_rng(3).standard_normal((2000, 20, 10))
    found = student_interval(values, 1 - 0.05 / 20)
    missed = ((found.low > 0) | (found.high < 0)).any(axis=-1).mean()
    assert missed == pytest.approx(0.05, abs=0.015)


def test_students_interval_of_seeds_that_agree_or_are_too_few():
    assert student_interval([0.1] * 10) == Interval(0.1, 0.1, 0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        alone, nothing = student_interval([[2.0]]), student_interval(np.empty((2, 0)))
        lost = student_interval([[1.0, np.nan], [1.0, 3.0]])
    assert alone.value == 2
    assert np.isnan([*alone.low, *alone.high, *nothing.value, *nothing.low]).all()
    assert np.isnan(lost.low).tolist() == [True, False]


def test_the_order_of_the_seeds_changes_no_bit_of_students_interval():
    values = np.random.default_rng(4).standard_normal(9)
    assert student_interval(values) == student_interval(values[::-1])


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


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.999])
def test_clopper_pearson_intervals_are_scipys_and_cover_the_share_at_least_as_often_as_they_say(
    confidence,
):
    n, found = 12, [clopper_pearson(k, 12, confidence) for k in range(13)]
    for k, own in enumerate(found):
        theirs = stats.binomtest(k, n).proportion_ci(confidence, method="exact")
        np.testing.assert_allclose([own.value, own.low, own.high], [k / n, *theirs], atol=1e-12)
    for share in np.linspace(0.01, 0.99, 37):
        covered = [k for k, own in enumerate(found) if own.low <= share <= own.high]
        assert stats.binom.pmf(covered, n, share).sum() >= confidence


def test_without_trials_a_share_may_be_anything():
    none = clopper_pearson(0, 0)
    assert (none.low, none.high) == (0, 1)
    assert np.isnan(none.value)
