import numpy as np
import pytest
from scipy.stats import kurtosis

from tests.distributions import assert_same_draws, check_lanes, sample
from toysup.features.anticorrelated import Anticorrelated
from toysup.features.independent import Independent

BATCH = 100_000


def draw(n_features=6, batch=BATCH, **settings):
    return sample(Anticorrelated(**settings), n_features, batch)


@pytest.mark.slow
@pytest.mark.parametrize(("size", "p"), [(2, 0.5), (3, 1 / 3), (5, 0.2), (4, 0.05)])
def test_at_exclusion_1_at_most_one_of_a_group_is_present_and_marginals_are_p(size, p):
    x = draw(n_features=3 * size - 1, feature_probability=p, group_size=size)
    present = x > 0
    np.testing.assert_allclose(present.mean(axis=1), p, atol=0.005)
    for start in range(0, len(x), size):
        assert present[start : start + size].sum(axis=0).max() == 1
    for row in x:
        np.testing.assert_allclose(row[row > 0].mean(), 1 / 2, atol=0.015)
        np.testing.assert_allclose((row[row > 0] ** 2).mean(), 1 / 3, atol=0.015)


@pytest.mark.slow
@pytest.mark.parametrize("exclusion", [0.0, 0.4, 1.0])
def test_two_of_a_group_meet_as_often_as_their_samples_do_not_exclude(exclusion):
    p = 0.3
    present = draw(feature_probability=p, exclusion=exclusion, group_size=3) > 0
    np.testing.assert_allclose(present.mean(axis=1), p, atol=0.005)
    same_group = np.kron(np.eye(2), np.ones((3, 3)))
    expected = np.where(np.eye(6), 1, -exclusion * p / (1 - p) * same_group)
    np.testing.assert_allclose(np.corrcoef(present), expected, atol=0.015)
    np.testing.assert_allclose((present[0] & present[1]).mean(), (1 - exclusion) * p**2, atol=0.003)


@pytest.mark.slow
@pytest.mark.parametrize("empty_samples", ["keep", "fill"])
def test_at_0_it_is_the_independent_world_sample_for_sample(empty_samples):
    same = {"feature_probability": 0.1, "empty_samples": empty_samples}
    x = draw(exclusion=0.0, **same)
    assert_same_draws(x, sample(Independent(**same), 6, BATCH))


@pytest.mark.slow
def test_raising_exclusion_changes_only_newly_exclusive_groups_and_no_first_feature():
    at = {e: draw(feature_probability=0.3, exclusion=e) for e in (0.0, 0.3, 0.6, 1.0)}
    for x in at.values():
        np.testing.assert_array_equal(x[::2], at[0.0][::2])
    differs = {e: x != at[0.0] for e, x in at.items()}
    assert (differs[0.3] <= differs[0.6]).all()
    assert (differs[0.6] <= differs[1.0]).all()
    np.testing.assert_allclose(differs[0.3].sum() / differs[1.0].sum(), 0.3, atol=0.02)


@pytest.mark.slow
def test_a_seed_shares_its_draws_over_probabilities():
    sparse, dense = (draw(feature_probability=p) > 0 for p in (0.1, 0.4))
    assert (sparse <= dense).all()


@pytest.mark.slow
def test_filling_gives_each_empty_sample_one_feature_and_breaks_no_exclusion():
    x = draw(feature_probability=0.01, empty_samples="fill", group_size=3)
    assert (x > 0).any(axis=0).all()
    assert (x[:3] > 0).sum(axis=0).max() == 1
    np.testing.assert_allclose((x > 0).mean(axis=1), (x > 0).mean(), rtol=0.03)


def incompatibility(**settings):
    defaults = {"feature_probability": 0.1, "group_size": 2, "exclusion": 1.0, "n_features": 20}
    return Anticorrelated.incompatibility(defaults | settings)


def test_too_probable_features_cannot_exclude_each_other_and_the_fault_says_what_would_work():
    assert incompatibility(feature_probability=0.4, group_size=3) == (
        "cannot have at most one of 3 features at a time if each is in 0.4 of the samples: "
        "lower feature_probability to at most 1/3, group_size to at most 2, or set exclusion = 0"
    )
    assert incompatibility(feature_probability=0.8) == (
        "cannot have at most one of 2 features at a time if each is in 0.8 of the samples: "
        "lower feature_probability to at most 1/2, or set exclusion = 0"
    )


def test_what_the_fault_advises_is_no_fault():
    assert incompatibility() is None
    assert incompatibility(feature_probability=1 / 3, group_size=3) is None
    assert incompatibility(feature_probability=0.4, group_size=2) is None
    assert incompatibility(feature_probability=0.8, exclusion=0.0) is None
    assert incompatibility(feature_probability=0.5, group_size=9, n_features=2) is None


def test_partners_are_the_others_of_a_group():
    expected = np.kron(np.eye(3), 1 - np.eye(2)).astype(bool)
    np.testing.assert_array_equal(Anticorrelated().partners(6), expected)


@pytest.mark.slow
def test_excess_kurtosis_is_known_only_where_features_are_independent():
    assert np.isnan(Anticorrelated(exclusion=0.1).excess_kurtosis())
    x = draw(exclusion=0.0)
    np.testing.assert_allclose(
        Anticorrelated(exclusion=0.0).excess_kurtosis(), kurtosis(x.ravel()), rtol=0.02
    )


@pytest.mark.long
def test_settings_batch_and_stay_finite_at_their_ends():
    lanes = [
        Anticorrelated(p, exclusion=e, empty_samples="fill")
        for p in (1.0, 0.5, 0.01)
        for e in (0.0, 1.0)
    ]
    check_lanes(lanes)
