import jax
import numpy as np
import pytest
from scipy.stats import kurtosis

from toysup.features.independent import Independent

KEY = jax.random.key(3)


@pytest.mark.parametrize("p", [1.0, 0.3, 0.05])
def test_moments_are_those_of_bernoulli_times_uniform(p):
    x = np.asarray(Independent(feature_probability=p).sample(KEY, 10, 200_000))
    np.testing.assert_allclose((x > 0).mean(), p, rtol=0.01)
    np.testing.assert_allclose(x.mean(), p / 2, rtol=0.01)
    np.testing.assert_allclose((x**2).mean(), p / 3, rtol=0.02)


def test_amplitude_one_makes_presence_the_only_information():
    x = np.asarray(Independent(feature_probability=0.3, amplitude="one").sample(KEY, 5, 1000))
    assert set(np.unique(x)) == {0.0, 1.0}


def test_a_seed_shares_its_draws_over_probabilities():
    sparse, dense = (
        np.asarray(Independent(feature_probability=p).sample(KEY, 5, 1000)) for p in (0.1, 0.4)
    )
    assert ((sparse > 0) <= (dense > 0)).all()
    present = sparse > 0
    np.testing.assert_allclose(sparse[present] * 0.1, dense[present] * 0.4, rtol=1e-5)


def test_keeping_empty_samples_leaves_82_percent_empty_at_n_20_and_p_one_percent():
    x = np.asarray(Independent(feature_probability=0.01).sample(KEY, 20, 100_000))
    np.testing.assert_allclose((x == 0).all(axis=0).mean(), 0.99**20, rtol=0.01)


def test_filling_gives_each_empty_sample_one_uniformly_chosen_feature():
    world = Independent(feature_probability=0.01, empty_samples="fill")
    kept = np.asarray(Independent(feature_probability=0.01).sample(KEY, 20, 100_000))
    x = np.asarray(world.sample(KEY, 20, 100_000))
    empty = (kept == 0).all(axis=0)
    assert ((x[:, empty] > 0).sum(axis=0) == 1).all()
    np.testing.assert_array_equal(x[:, ~empty], kept[:, ~empty])
    shares = (x[:, empty] > 0).mean(axis=1)
    np.testing.assert_allclose(shares, 1 / 20, rtol=0.06)


@pytest.mark.parametrize("amplitude", ["uniform", "one"])
@pytest.mark.parametrize("p", [0.7, 0.1])
def test_kappa_is_the_kurtosis_of_a_large_sample(p, amplitude):
    world = Independent(feature_probability=p, amplitude=amplitude)
    x = np.asarray(world.sample(KEY, 10, 300_000), np.float64)
    np.testing.assert_allclose(world.kappa(), kurtosis(x.ravel()), rtol=0.02, atol=0.01)


def test_kappa_is_unknown_where_filling_makes_features_depend_on_each_other():
    assert np.isnan(Independent(feature_probability=0.1, empty_samples="fill").kappa())


def test_a_constant_has_no_kappa():
    assert np.isnan(Independent(feature_probability=1.0, amplitude="one").kappa())
