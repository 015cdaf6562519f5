import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import kurtosis

from toysup.batch.programs import quick_jit
from toysup.features.independent import Independent

KEY = jax.random.key(3)
sample = quick_jit(Independent.sample, optimised=False, static_argnums=(2, 3))


@pytest.mark.slow
@pytest.mark.parametrize("p", [1.0, 0.3, 0.05])
def test_moments_are_those_of_bernoulli_times_uniform(p):
    x = np.asarray(sample(Independent(feature_probability=p), KEY, 10, 200_000))
    np.testing.assert_allclose((x > 0).mean(), p, rtol=0.01)
    np.testing.assert_allclose(x.mean(), p / 2, rtol=0.01)
    np.testing.assert_allclose((x**2).mean(), p / 3, rtol=0.02)


@pytest.mark.slow
def test_amplitude_one_makes_presence_the_only_information():
    x = np.asarray(sample(Independent(feature_probability=0.3, amplitude="one"), KEY, 5, 1000))
    assert set(np.unique(x)) == {0.0, 1.0}


@pytest.mark.slow
def test_a_seed_shares_its_draws_over_probabilities():
    sparse, dense = (
        np.asarray(sample(Independent(feature_probability=p), KEY, 5, 1000)) for p in (0.1, 0.4)
    )
    assert ((sparse > 0) <= (dense > 0)).all()
    present = sparse > 0
    np.testing.assert_allclose(sparse[present] * 0.1, dense[present] * 0.4, rtol=1e-5)


@pytest.mark.slow
def test_keeping_empty_samples_leaves_82_percent_empty_at_n_20_and_p_one_percent():
    x = np.asarray(sample(Independent(feature_probability=0.01), KEY, 20, 100_000))
    np.testing.assert_allclose((x == 0).all(axis=0).mean(), 0.99**20, rtol=0.01)


@pytest.mark.slow
def test_filling_gives_each_empty_sample_one_uniformly_chosen_feature():
    features = Independent(feature_probability=0.01, empty_samples="fill")
    kept = np.asarray(sample(Independent(feature_probability=0.01), KEY, 20, 100_000))
    x = np.asarray(sample(features, KEY, 20, 100_000))
    empty = (kept == 0).all(axis=0)
    assert ((x[:, empty] > 0).sum(axis=0) == 1).all()
    np.testing.assert_array_equal(x[:, ~empty], kept[:, ~empty])
    shares = (x[:, empty] > 0).mean(axis=1)
    np.testing.assert_allclose(shares, 1 / 20, rtol=0.06)


@pytest.mark.long
def test_signed_features_are_uniform_on_both_sides_and_present_as_often():
    settings = {"feature_probability": 0.3, "empty_samples": "fill"}
    plain = np.asarray(sample(Independent(**settings), KEY, 5, 50_000))
    features = Independent(**settings, amplitude="signed")
    x = np.asarray(sample(features, KEY, 5, 50_000))
    np.testing.assert_array_equal(x != 0, plain > 0)
    np.testing.assert_allclose(x[plain > 0], 2 * plain[plain > 0] - 1, atol=1e-6)
    fresh = np.asarray(features.resample_amplitudes(jax.random.key(4), x))
    np.testing.assert_array_equal(fresh != 0, x != 0)
    for amplitudes in (x[x != 0], fresh[x != 0]):
        np.testing.assert_allclose(
            np.quantile(amplitudes, [0, 0.25, 0.5, 0.75, 1]), [-1, -0.5, 0, 0.5, 1], atol=0.02
        )
    assert abs(np.corrcoef(x[x != 0], fresh[x != 0])[0, 1]) < 0.02


@pytest.mark.some(1)
@pytest.mark.slow
@pytest.mark.parametrize("amplitude", ["uniform", "one", "signed"])
@pytest.mark.parametrize("p", [0.7, 0.1])
def test_excess_kurtosis_is_the_kurtosis_of_a_large_sample(p, amplitude):
    features = Independent(feature_probability=p, amplitude=amplitude)
    x = np.asarray(sample(features, KEY, 10, 300_000), np.float64)
    np.testing.assert_allclose(
        features.excess_kurtosis(), kurtosis(x.ravel()), rtol=0.02, atol=0.01
    )


def test_excess_kurtosis_is_unknown_where_filling_makes_features_depend_on_each_other():
    assert np.isnan(Independent(feature_probability=0.1, empty_samples="fill").excess_kurtosis())


def test_a_constant_has_no_excess_kurtosis():
    assert np.isnan(Independent(feature_probability=1.0, amplitude="one").excess_kurtosis())


@pytest.mark.slow
def test_the_last_feature_alone_has_its_relative_density_up_to_always():
    same = np.asarray(sample(Independent(feature_probability=0.2), KEY, 5, 50_000))
    for relative, p in ((0.5, 0.1), (3.0, 0.6), (9.0, 1.0)):
        features = Independent(feature_probability=0.2, relative_density=relative)
        x = np.asarray(sample(features, KEY, 5, 50_000))
        np.testing.assert_array_equal(x[:4], same[:4])
        np.testing.assert_allclose((x[4] > 0).mean(), p, rtol=0.05)
        present = x[4][x[4] > 0]
        assert abs(present.mean() - 1 / 2) < 4 / np.sqrt(12 * len(present))


@pytest.mark.long
def test_a_relative_density_of_1_is_the_plain_world_to_the_bit():
    features = Independent(feature_probability=0.3)
    p = jnp.float32(0.3)
    u = jax.random.uniform(jax.random.split(KEY, 3)[0], (5, 1000))
    np.testing.assert_array_equal(features.sample(KEY, 5, 1000), jnp.where(u < p, u / p, 0.0))


def test_excess_kurtosis_is_unknown_where_one_feature_is_unlike_the_rest():
    assert np.isnan(Independent(feature_probability=0.1, relative_density=2.0).excess_kurtosis())
