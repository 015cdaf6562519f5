import jax
import numpy as np
import pytest
from scipy.stats import kurtosis

from tests.distributions import assert_same_draws, check_lanes, resampled, sample
from toysup.features.correlated import Correlated
from toysup.features.independent import Independent

BATCH = 100_000


def draw(n_features=6, batch=BATCH, **settings):
    return sample(Correlated(**settings), n_features, batch)


@pytest.mark.slow
@pytest.mark.parametrize("c", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("p", [0.5, 0.1])
def test_cooccurrence_is_the_correlation_of_presences_and_marginals_stay_p(p, c):
    present = draw(feature_probability=p, cooccurrence=c, group_size=3) > 0
    np.testing.assert_allclose(present.mean(axis=1), p, atol=0.005)
    same_group = np.kron(np.eye(2), np.ones((3, 3)))
    expected = np.where(np.eye(6), 1, c * same_group)
    np.testing.assert_allclose(np.corrcoef(present), expected, atol=0.015)
    np.testing.assert_allclose(present[:3].all(axis=0).mean(), c * p + (1 - c) * p**3, atol=0.004)


@pytest.mark.slow
@pytest.mark.parametrize("c", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("a", [0.0, 0.3, 1.0])
def test_amplitude_correlation_is_that_of_two_amplitudes_whatever_the_cooccurrence(a, c):
    x = draw(feature_probability=0.4, cooccurrence=c, amplitude_correlation=a)
    first, second = x[:2, (x[:2] > 0).all(axis=0)]
    for amplitude in (first, second):
        np.testing.assert_allclose(amplitude.mean(), 1 / 2, atol=0.01)
        np.testing.assert_allclose((amplitude**2).mean(), 1 / 3, atol=0.01)
    np.testing.assert_allclose(np.corrcoef(first, second)[0, 1], a, atol=0.025)


@pytest.mark.slow
def test_the_amplitude_of_one_feature_says_nothing_of_the_presence_of_another():
    x = draw(feature_probability=0.4, cooccurrence=0.5, amplitude_correlation=0.5)
    alone = (x[0] > 0) & (x[1] == 0)
    both = (x[0] > 0) & (x[1] > 0)
    np.testing.assert_allclose(x[0, alone].mean(), x[0, both].mean(), atol=0.01)


@pytest.mark.slow
def test_at_0_and_0_it_is_the_independent_world_sample_for_sample():
    x = draw(feature_probability=0.3, cooccurrence=0.0)
    independent = sample(Independent(feature_probability=0.3), 6, BATCH)
    assert_same_draws(x, independent)


@pytest.mark.slow
def test_at_1_and_1_the_features_of_a_group_are_identical():
    x = draw(feature_probability=0.3, cooccurrence=1.0, amplitude_correlation=1.0)
    np.testing.assert_array_equal(x[::2], x[1::2])
    ones = draw(feature_probability=0.3, cooccurrence=1.0, amplitude="one")
    np.testing.assert_array_equal(ones[::2], ones[1::2])
    assert set(np.unique(ones)) == {0.0, 1.0}


@pytest.mark.slow
def test_raising_cooccurrence_changes_only_newly_tied_groups_and_no_first_feature():
    at = {c: draw(feature_probability=0.3, cooccurrence=c) for c in (0.0, 0.3, 0.6, 1)}
    for x in at.values():
        np.testing.assert_array_equal(x[::2], at[0.0][::2])
    differs = {c: (x > 0) != (at[0.0] > 0) for c, x in at.items()}
    assert (differs[0.3] <= differs[0.6]).all()
    assert (differs[0.6] <= differs[1]).all()
    np.testing.assert_allclose(differs[0.3].sum() / differs[1].sum(), 0.3, atol=0.02)


def test_a_seed_shares_its_draws_over_probabilities():
    sparse, dense = (draw(feature_probability=p) > 0 for p in (0.1, 0.4))
    assert (sparse <= dense).all()


@pytest.mark.slow
@pytest.mark.parametrize("c", [0.0, 0.5, 1.0])
def test_filling_leaves_no_sample_empty_and_keeps_tied_groups_together(c):
    same = {"n_features": 7, "group_size": 3, "feature_probability": 0.01, "cooccurrence": c}
    kept, x = draw(**same), draw(**same, empty_samples="fill")
    empty = (kept == 0).all(axis=0)
    np.testing.assert_array_equal(x[:, ~empty], kept[:, ~empty])
    new = x[:, empty] > 0
    # One of 7 features, and with chance c the other two of its group, unless it is the last.
    np.testing.assert_allclose(new.sum(axis=0).mean(), 1 + c * 2 * 6 / 7, atol=0.01)
    sizes = {0.0: {1}, 0.5: {1, 3}, 1.0: {1, 3}}
    assert set(np.unique(new.sum(axis=0))) == sizes[c]
    shares = [(1 + 2 * c) / 7] * 6 + [1 / 7]
    np.testing.assert_allclose(new.mean(axis=1), shares, atol=0.005)
    np.testing.assert_allclose(x[:, empty][new].mean(), 1 / 2, atol=0.005)


@pytest.mark.slow
def test_resampled_amplitudes_are_new_and_correlated_like_the_old():
    features = Correlated(feature_probability=0.5, amplitude_correlation=0.7)
    x = sample(features, 2, BATCH)
    fresh = resampled(features, x)
    np.testing.assert_array_equal(x > 0, fresh > 0)
    both = (x > 0).all(axis=0)
    found = np.corrcoef(np.concatenate([x[:, both], fresh[:, both]]))
    np.testing.assert_allclose(found[2, 3], 0.7, atol=0.02)
    np.testing.assert_allclose(found[:2, 2:], 0, atol=0.02)


def test_partners_are_the_others_of_a_group_and_the_last_group_may_be_smaller():
    partners = Correlated(group_size=3).partners(7)
    assert [list(np.flatnonzero(row)) for row in partners] == [
        [1, 2], [0, 2], [0, 1], [4, 5], [3, 5], [3, 4], [],
    ]  # fmt: skip
    only = Correlated(group_size=3)
    shape = jax.eval_shape(lambda key: only.sample(key, 2, 10), jax.random.key(0)).shape
    assert shape == (2, 10)


def test_excess_kurtosis_is_known_only_where_features_are_independent():
    assert np.isnan(Correlated(feature_probability=0.2, cooccurrence=0.1).excess_kurtosis())
    related = Correlated(feature_probability=0.2, cooccurrence=0.0, amplitude_correlation=0.1)
    assert np.isnan(related.excess_kurtosis())
    x = draw(feature_probability=0.2, cooccurrence=0.0)
    features = Correlated(feature_probability=0.2, cooccurrence=0.0)
    np.testing.assert_allclose(features.excess_kurtosis(), kurtosis(x.ravel()), rtol=0.02)


@pytest.mark.long
def test_settings_batch_and_stay_finite_at_their_ends():
    lanes = [
        Correlated(p, cooccurrence=c, amplitude_correlation=a, empty_samples="fill")
        for p in (1.0, 0.01)
        for c in (0.0, 1.0)
        for a in (0.0, 1.0)
    ]
    check_lanes(lanes)
