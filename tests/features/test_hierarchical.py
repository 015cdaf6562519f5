import numpy as np
import pytest
from scipy.stats import kurtosis

from tests.distributions import assert_same_draws, check_lanes, sample
from toysup.features.hierarchical import Hierarchical
from toysup.features.independent import Independent

BATCH = 100_000
PARENTS = [True, False, False, True, False, False, True]


def draw(n_features=7, batch=BATCH, group_size=3, **settings):
    features = Hierarchical(group_size=group_size, **settings)
    return sample(features, n_features, batch)


@pytest.mark.slow
@pytest.mark.parametrize("empty_samples", ["keep", "fill"])
def test_a_child_is_never_without_its_parent(empty_samples):
    present = draw(feature_probability=0.1, empty_samples=empty_samples) > 0
    for child in (1, 2, 4, 5):
        assert (present[child] <= present[child // 3 * 3]).all()
    assert (present[0] > present[1]).any()


@pytest.mark.parametrize(("p", "q"), [(0.5, 0.3), (0.1, 0.5), (0.3, 1.0)])
def test_marginals_are_p_for_parents_and_p_q_for_children(p, q):
    x = draw(feature_probability=p, child_probability=q)
    present = x > 0
    np.testing.assert_allclose(present.mean(axis=1), np.where(PARENTS, p, p * q), atol=0.005)
    np.testing.assert_allclose((present[1] & present[2]).mean(), p * q**2, atol=0.005)
    correlation = np.corrcoef(present)
    np.testing.assert_allclose(correlation[0, 1], np.sqrt(q * (1 - p) / (1 - p * q)), atol=0.015)
    np.testing.assert_allclose(correlation[:3, 3:], 0, atol=0.015)
    for row in x:
        np.testing.assert_allclose(row[row > 0].mean(), 1 / 2, atol=0.015)


@pytest.mark.slow
def test_parents_are_features_of_the_independent_world():
    same = {"feature_probability": 0.3}
    independent = sample(Independent(**same), 7, BATCH)
    assert_same_draws(draw(**same)[PARENTS], independent[PARENTS])


def test_likelier_children_are_only_added():
    few, many = (draw(feature_probability=0.3, child_probability=q) for q in (0.2, 0.7))
    assert ((few > 0) <= (many > 0)).all()
    np.testing.assert_array_equal(few[PARENTS], many[PARENTS])


@pytest.mark.slow
def test_filling_gives_each_empty_sample_one_parent_with_its_usual_children():
    same = {"feature_probability": 0.01, "child_probability": 0.4}
    kept, x = draw(**same), draw(**same, empty_samples="fill")
    empty = (kept == 0).all(axis=0)
    np.testing.assert_array_equal(x[:, ~empty], kept[:, ~empty])
    new = x[:, empty] > 0
    assert (new[PARENTS].sum(axis=0) == 1).all()
    shares = np.where(PARENTS, 1, 0.4) / 3
    np.testing.assert_allclose(new.mean(axis=1), shares, atol=0.005)
    np.testing.assert_allclose(x[:, empty][new].mean(), 1 / 2, atol=0.005)


def test_partners_are_parent_and_child_and_not_two_children():
    partners = Hierarchical(group_size=3).partners(7)
    assert [list(np.flatnonzero(row)) for row in partners] == [
        [1, 2], [0], [0], [4, 5], [3], [3], [],
    ]  # fmt: skip


def test_excess_kurtosis_is_known_only_where_every_feature_is_always_there():
    assert np.isnan(Hierarchical(feature_probability=0.5).excess_kurtosis())
    assert np.isnan(Hierarchical(feature_probability=1.0, child_probability=0.5).excess_kurtosis())
    x = draw(feature_probability=1.0, child_probability=1.0)
    always = Hierarchical(feature_probability=1.0, child_probability=1.0)
    np.testing.assert_allclose(always.excess_kurtosis(), kurtosis(x.ravel()), rtol=0.01)


@pytest.mark.slow
def test_settings_batch_and_stay_finite_at_their_ends():
    lanes = [
        Hierarchical(p, child_probability=q, empty_samples="fill")
        for p in (1.0, 0.01)
        for q in (1.0, 0.01)
    ]
    check_lanes(lanes)
