import jax
import numpy as np
import pytest

from tests.distributions import KEY, check_lanes, sample
from tests.training import setup, untrained
from toysup.features.finite import SHOWN, Finite, Fresh, in_strata
from toysup.metrics.dimensionality import dimensionality

FEW = Finite(feature_probability=0.5, dataset_size=7.0, empty_samples="fill")


def distinct(x):
    return np.unique(x.round(6), axis=1)


@pytest.mark.long
def test_the_same_few_samples_come_again_whatever_the_key():
    x = sample(FEW, 8, 200)
    again = np.asarray(FEW.sample(jax.random.key(9), 8, 200), np.float64)
    assert distinct(x).shape == (8, 7)
    np.testing.assert_array_equal(distinct(again), distinct(x))


@pytest.mark.slow
def test_a_smaller_data_set_is_the_start_of_a_larger_one():
    small, large = (distinct(sample(FEW.replace(dataset_size=t), 8, 200)) for t in (5.0, 20.0))
    assert all((large == column[:, None]).all(axis=0).any() for column in small.T)
    assert large.shape[1] == 20


@pytest.mark.long
@pytest.mark.parametrize(("size", "batch"), [(8, 8), (8, 32), (3, 96)])
def test_a_batch_of_a_multiple_of_the_data_set_has_each_sample_equally_often(size, batch):
    for u in (np.zeros(batch), np.full(batch, 1 - 2**-24), np.random.default_rng(0).random(batch)):
        counts = np.bincount(in_strata(u.astype(np.float32), size), minlength=size)
        np.testing.assert_array_equal(counts, batch // size)


@pytest.mark.long
@pytest.mark.parametrize(("size", "batch"), [(10, 32), (1000, 16)])
def test_every_sample_is_as_likely(size, batch):
    u = np.random.default_rng(1).random((200_000 // batch, batch)).astype(np.float32)
    places = np.asarray(jax.vmap(lambda u: in_strata(u, size))(u))
    counts = np.bincount(places.ravel(), minlength=size)
    assert len(counts) == size
    expected = places.size / size
    np.testing.assert_allclose(counts, expected, atol=5 * expected**0.5)


@pytest.mark.slow
@pytest.mark.parametrize("cls", [Finite, Fresh])
def test_moments_are_those_of_bernoulli_times_uniform(cls):
    p = 0.2
    x = sample(cls(feature_probability=p, dataset_size=2.0**14, unit_samples=False), 20, 2**14)
    np.testing.assert_allclose((x > 0).mean(), p, rtol=0.02)
    np.testing.assert_allclose(x.mean(), p / 2, rtol=0.02)
    np.testing.assert_allclose((x**2).mean(), p / 3, rtol=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("cls", [Finite, Fresh])
def test_samples_have_length_one_and_filled_ones_a_feature_each_as_often(cls):
    made = {"feature_probability": 0.01, "dataset_size": 2.0**14}
    kept, filled = (sample(cls(**made, empty_samples=e), 10, 2**14) for e in ("keep", "fill"))
    np.testing.assert_allclose(np.linalg.norm(filled, axis=0), 1, rtol=1e-6)
    empty = ~kept.any(axis=0)
    np.testing.assert_allclose(empty.mean(), 0.99**10, rtol=0.01)
    assert ((filled[:, empty] > 0).sum(axis=0) == 1).all()
    np.testing.assert_allclose((filled[:, empty] > 0).mean(axis=1), 0.1, rtol=0.1)
    np.testing.assert_allclose(filled[:, ~empty], kept[:, ~empty], rtol=1e-6)  # two programs


@pytest.mark.slow
def test_fresh_samples_are_not_in_the_data_set():
    fresh, known = sample(Fresh(**vars(FEW)), 8, 200), distinct(sample(FEW, 8, 200))
    alike = (fresh[:, :, None] == known[:, None]).all(axis=0)
    assert not alike[(fresh > 0).sum(axis=0) > 1].any()  # one alone has length 1 in both


@pytest.mark.slow
def test_another_data_set_has_other_samples_and_an_unlimited_one_is_none():
    other = distinct(sample(FEW.replace(dataset_seed=1), 8, 200))
    assert not np.array_equal(other, distinct(sample(FEW, 8, 200)))
    assert np.isnan(FEW.excess_kurtosis())


@pytest.mark.slow
def test_lanes_may_have_data_sets_of_different_size():
    x = check_lanes([FEW, FEW.replace(dataset_size=3.0, feature_probability=0.6)])
    assert [distinct(lane).shape[1] for lane in x] == [7, 3]


@pytest.mark.long
@pytest.mark.parametrize("size", [7, pytest.param(300, marks=pytest.mark.long)])
def test_measures_are_the_naive_ones_of_the_codes_of_the_samples(size):
    n, m = 8, 2
    made = setup(features="finite", n_features=n, d_hidden=m, feature_probability=0.3)
    features = made.features.replace(dataset_size=float(size))
    model = untrained(made, KEY)
    asked = []
    found = jax.jit(lambda: features.measure(model, n, lambda w: asked.append(w) or 0.5))()
    [fresh] = asked
    assert isinstance(fresh, Fresh)
    assert found["test_loss"] == 0.5
    h = np.asarray(model.W, np.float64) @ np.asarray(features.rows(np.arange(size), n), np.float64)
    expected = dimensionality(h).mean()
    np.testing.assert_allclose(found["sample_dimensionality"], expected, rtol=1e-4)
    codes = np.asarray(found["sample_codes"]).reshape(m, SHOWN)
    shown = min(size, SHOWN)
    np.testing.assert_allclose(codes[:, :shown], h[:, :shown], atol=1e-5)
    assert np.isnan(codes[:, shown:]).all()
    highest = -1.0
    for i in range(shown):
        for j in range(i):
            lengths = np.linalg.norm(h[:, i]) * np.linalg.norm(h[:, j])
            highest = max(highest, h[:, i] @ h[:, j] / lengths if lengths else 0.0)
    np.testing.assert_allclose(found["sample_max_cosine"], highest, atol=1e-4)
    angles = np.sort(np.arctan2(*h[::-1]))
    gaps = [*np.diff(angles), angles[0] + 2 * np.pi - angles[-1]]
    regularity = min(gaps) * size / (2 * np.pi) if size <= SHOWN else np.nan
    np.testing.assert_allclose(found["sample_regularity"], regularity, atol=1e-3)
    assert set(found) == {measure.name for measure in Finite.measures}


@pytest.mark.long
@pytest.mark.parametrize("size", [3, 5, 6])
def test_codes_on_a_regular_polygon_have_a_regularity_of_one_and_equal_ones_of_zero(size):
    features = Finite(dataset_size=float(size))
    there = np.arange(8) < size
    angles = np.random.default_rng(0).permutation(np.arange(size)) * 2 * np.pi / size + 0.3
    h = np.zeros((2, 8))
    h[:, :size] = 3 * np.cos(angles), 3 * np.sin(angles)
    assert features.regularity(h, there) == pytest.approx(1, abs=1e-5)
    h[:, 1] = 2 * h[:, 0]
    assert features.regularity(h, there) == pytest.approx(0, abs=1e-5)
    h[:, 1] = 0
    assert features.regularity(h, there) == 0


def test_more_samples_than_fit_in_memory_are_refused_with_how_many_do():
    settings = {"n_features": 2**12, "dataset_size": 3000.0}
    assert "at most 2048" in Finite.incompatibility(settings)
    assert Finite.incompatibility(settings | {"dataset_size": 2048.0}) is None
