import numpy as np
import pytest
from scipy.stats import kurtosis

from tests.distributions import assert_same_draws, check_lanes, sample
from toysup.features.independent import Independent
from toysup.features.zipf import Zipf

BATCH = 100_000


@pytest.mark.slow
@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0])
def test_frequencies_fall_as_a_power_of_the_rank_from_p(exponent):
    features = Zipf(feature_probability=0.4, exponent=exponent)
    frequencies = (sample(features, 10, BATCH) > 0).mean(axis=1)
    p = [0.4 / rank**exponent for rank in range(1, 11)]
    assert (np.abs(frequencies - p) < 4 * np.sqrt(p * (1 - np.array(p)) / BATCH)).all()
    slope = np.polyfit(np.log(np.arange(1, 11)), np.log(frequencies), 1)[0]
    np.testing.assert_allclose(slope, -exponent, atol=0.05)


@pytest.mark.parametrize("exponent", [0.0, 1.0])
def test_a_present_feature_has_a_uniform_amplitude_at_every_rank(exponent):
    x = sample(Zipf(feature_probability=0.5, exponent=exponent), 10, BATCH)
    for row in x:
        present = row[row > 0]
        np.testing.assert_allclose(present.mean(), 1 / 2, rtol=0.02)
        np.testing.assert_allclose((present**2).mean(), 1 / 3, rtol=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("amplitude", ["uniform", "one"])
def test_exponent_0_is_the_independent_world_sample_for_sample(amplitude):
    same = {"feature_probability": 0.1, "amplitude": amplitude}
    x = sample(Zipf(exponent=0.0, **same), 10, BATCH)
    assert_same_draws(x, sample(Independent(**same), 10, BATCH))


def test_a_steeper_law_only_removes_features_and_leaves_the_first_alone():
    flat, steep = (
        sample(Zipf(feature_probability=0.5, exponent=e), 10, BATCH) > 0 for e in (0.5, 1.5)
    )
    assert (steep <= flat).all()
    np.testing.assert_array_equal(steep[0], flat[0])


@pytest.mark.slow
@pytest.mark.parametrize("exponent", [0.0, 1.0, 3.0])
def test_filling_keeps_the_law_of_the_frequencies(exponent):
    same = {"feature_probability": 0.02, "exponent": exponent}
    kept = sample(Zipf(**same), 10, BATCH)
    x = sample(Zipf(**same, empty_samples="fill"), 10, BATCH)
    empty = (kept == 0).all(axis=0)
    assert ((x[:, empty] > 0).sum(axis=0) == 1).all()
    np.testing.assert_array_equal(x[:, ~empty], kept[:, ~empty])
    law = np.arange(1, 11) ** -exponent
    np.testing.assert_allclose((x[:, empty] > 0).mean(axis=1), law / law.sum(), atol=0.004)


def test_excess_kurtosis_is_known_only_where_features_are_alike():
    assert np.isnan(Zipf(feature_probability=0.3, exponent=0.5).excess_kurtosis())
    features = Zipf(feature_probability=0.3, exponent=0.0)
    x = sample(features, 10, BATCH)
    np.testing.assert_allclose(
        features.excess_kurtosis(), kurtosis(x.ravel()), rtol=0.02, atol=0.01
    )


@pytest.mark.long
def test_settings_batch_and_stay_finite_where_probabilities_vanish():
    lanes = [Zipf(p, exponent=e, empty_samples="fill") for p in (1.0, 0.01) for e in (0.0, 1.0, 99)]
    assert (check_lanes(lanes, n_features=10) > 0).any(axis=1).all()
