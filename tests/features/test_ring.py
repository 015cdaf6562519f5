import math

import numpy as np
import pytest

from tests.distributions import check_lanes, resampled, sample
from tests.distributions import latents as latents_of
from toysup.features.ring import Ring

BATCH = 100_000


def draw(n_features=12, batch=BATCH, **settings):
    return sample(Ring(**settings), n_features, batch)


def latents(n_features=12, batch=BATCH, **settings):
    return latents_of(Ring(**settings), n_features, batch)


@pytest.mark.slow
@pytest.mark.parametrize("width", [0.3, 1.0, math.pi / 2, math.pi])
def test_latents_are_those_of_the_sample_of_the_same_key(width):
    same = {"feature_probability": 0.4, "tuning_width": width, "amplitude": "one", "batch": 500}
    x, (cosine, sine) = draw(**same), latents(**same)
    expected = np.zeros_like(x)
    for i in range(12):
        for at in range(500):
            if cosine[at] == sine[at] == 0:
                continue
            angle = math.atan2(sine[at], cosine[at])
            above = math.cos(angle - 2 * math.pi * i / 12) - math.cos(width)
            expected[i, at] = max(0, above) / (1 - math.cos(width))
    np.testing.assert_allclose(x, expected, atol=2e-5)


@pytest.mark.slow
def test_the_amplitude_of_an_object_scales_its_whole_sample():
    same = {"feature_probability": 0.4}
    ones, x = draw(amplitude="one", **same), draw(**same)
    there = ones.any(axis=0)
    size = x[:, there].max(axis=0) / ones[:, there].max(axis=0)
    np.testing.assert_allclose(x[:, there], size * ones[:, there], atol=1e-6)
    np.testing.assert_allclose([size.mean(), (size**2).mean()], [1 / 2, 1 / 3], atol=0.005)


@pytest.mark.slow
@pytest.mark.parametrize("width", [0.5, 2.0])
@pytest.mark.parametrize("p", [1.0, 0.2])
def test_objects_are_there_with_chance_p_and_features_with_p_w_over_pi(p, width):
    same = {"feature_probability": p, "tuning_width": width}
    cosine, sine = latents(**same)
    there = cosine**2 + sine**2 > 0
    np.testing.assert_allclose(there.mean(), p, atol=0.005)
    np.testing.assert_allclose(cosine[there] ** 2 + sine[there] ** 2, 1, rtol=1e-5)
    for harmonic in (1, 2, 3):
        wave = np.exp(1j * harmonic * np.arctan2(sine[there], cosine[there]))
        assert abs(wave.mean()) < 0.03
    present = draw(**same) > 0
    np.testing.assert_array_equal(present.any(axis=0), there)
    np.testing.assert_allclose(present.mean(axis=1), p * width / math.pi, atol=0.006)


def test_neighbours_on_the_circle_are_more_similar_than_distant_features():
    x = draw(feature_probability=0.3)
    similarity = (x @ x.T) / np.sqrt(np.outer((x**2).sum(axis=1), (x**2).sum(axis=1)))
    by_distance = np.array([[similarity[i, (i + d) % 12] for i in range(12)] for d in range(7)])
    assert (by_distance[:4].min(axis=1) > by_distance[1:5].max(axis=1)).all()
    assert (by_distance[4:] == 0).all()  # bumps 2 pi 4 / 12 > 2 w apart do not overlap
    assert (by_distance[:4] > 0).all()


@pytest.mark.slow
def test_at_width_pi_the_samples_of_amplitude_one_are_a_circle_in_a_plane():
    x = draw(tuning_width=math.pi, amplitude="one", batch=500)
    spread = np.linalg.svd(x - x.mean(axis=1, keepdims=True), compute_uv=False)
    assert (spread[2:] < 1e-4 * spread[1]).all()
    narrow = draw(tuning_width=0.6, amplitude="one", batch=500)
    spread = np.linalg.svd(narrow - narrow.mean(axis=1, keepdims=True), compute_uv=False)
    assert (spread > 0.05 * spread[0]).sum() > 6


def test_raising_p_only_adds_objects_where_they_were_to_be():
    few, many = (latents(feature_probability=p) for p in (0.1, 0.4))
    there = few.any(axis=0)
    np.testing.assert_array_equal(few[:, there], many[:, there])
    assert many[:, ~there].any()


@pytest.mark.slow
def test_filling_places_an_object_in_every_sample():
    same = {"feature_probability": 0.1, "empty_samples": "fill"}
    x, found = draw(**same), latents(**same)
    assert x.any(axis=0).all()
    np.testing.assert_allclose((found**2).sum(axis=0), 1, rtol=1e-5)
    kept = draw(feature_probability=0.1)
    there = kept.any(axis=0)
    np.testing.assert_array_equal(x[:, there], kept[:, there])
    np.testing.assert_allclose(x[:, ~there].max(axis=0).mean(), 1 / 2, atol=0.03)


@pytest.mark.slow
def test_resampling_keeps_the_angle_and_nothing_of_the_amplitude():
    features = Ring(feature_probability=0.5)
    x = sample(features, 12, BATCH)
    fresh = resampled(features, x)
    np.testing.assert_array_equal(fresh > 0, x > 0)
    there = x.any(axis=0)
    unit = [y[:, there] / y[:, there].max(axis=0) for y in (x, fresh)]
    np.testing.assert_allclose(*unit, rtol=1e-4)
    sizes = x[:, there].max(axis=0), fresh[:, there].max(axis=0)
    assert abs(np.corrcoef(*sizes)[0, 1]) < 0.02
    np.testing.assert_allclose([sizes[1].mean(), (sizes[1] ** 2).mean()], [1 / 2, 1 / 3], atol=0.01)


def test_nothing_is_left_to_resample_where_amplitudes_are_1():
    features = Ring(feature_probability=0.5, amplitude="one")
    x = sample(features, 12, 500)
    np.testing.assert_array_equal(resampled(features, x), x)


def test_partners_are_the_two_neighbours():
    partners = Ring().partners(6)
    assert [list(np.flatnonzero(row)) for row in partners] == [
        [1, 5], [0, 2], [1, 3], [2, 4], [3, 5], [0, 4],
    ]  # fmt: skip
    np.testing.assert_array_equal(Ring().partners(2), [[False, True], [True, False]])
    assert not Ring().partners(1).any()


def incompatibility(**settings):
    defaults = {"tuning_width": 1.0, "empty_samples": "fill", "n_features": 20}
    defaults["amplitude"] = "uniform"
    return Ring.incompatibility(defaults | settings)


@pytest.mark.slow
def test_bumps_that_leave_gaps_cannot_fill_every_sample_and_the_fault_says_what_would_work():
    assert incompatibility(tuning_width=0.1) == (
        "has angles to which no feature responds, so it cannot fill every sample: set "
        'tuning_width to at least 0.158, or empty_samples to "keep"'
    )
    assert incompatibility(tuning_width=0.158) is None
    assert incompatibility(tuning_width=0.1, empty_samples="keep") is None
    assert incompatibility(amplitude="one") is None
    assert "there or is not" in incompatibility(amplitude="signed")
    gaps = draw(n_features=20, tuning_width=0.1, empty_samples="fill")
    assert not gaps.any(axis=0).all()
    whole = draw(n_features=20, tuning_width=0.158, empty_samples="fill")
    assert whole.any(axis=0).all()


def test_excess_kurtosis_is_unknown_as_neighbours_depend_on_each_other():
    assert np.isnan(Ring(tuning_width=0.1).excess_kurtosis())


@pytest.mark.slow
def test_settings_batch_and_stay_finite_at_their_ends():
    lanes = [Ring(p, tuning_width=w) for p in (1.0, 0.01) for w in (1e-3, 1.0, math.pi)]
    check_lanes(lanes)
