"""Points of manifolds against their closed forms, features by loops, and what is measured."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.distributions import KEY, check_lanes, resampled, sample
from tests.distributions import latents as latents_of
from tests.training import setup, untrained
from toysup.features._manifold import CIRCLE, PRODUCT, SHAPES, SPHERE, simplex, simplices, spaces
from toysup.features.manifolds import Manifolds
from toysup.features.ring import response
from toysup.kernels.distances import distance_correlation

BATCH = 50_000
N = 26  # two of each
BOTH = [(CIRCLE, 0, 0), (SPHERE, 3, 2), (PRODUCT, 7, 5), (CIRCLE, 13, 10), (SPHERE, 16, 12)]
BOTH.append((PRODUCT, 20, 15))  # dimensions, first feature, first latent of each manifold


def draw(n_features=N, batch=BATCH, **settings):
    return sample(Manifolds(**settings), n_features, batch)


def latents(n_features=N, batch=BATCH, **settings):
    return latents_of(Manifolds(**settings), n_features, batch)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 5])
def test_the_corners_of_a_simplex_have_length_1_equal_cosines_and_no_mean(dimensions):
    corners = simplex(dimensions)
    expected = np.where(np.eye(dimensions + 1, dtype=bool), 1, -1 / dimensions)
    np.testing.assert_allclose(corners @ corners.T, expected, atol=1e-12)
    np.testing.assert_allclose(corners.sum(axis=0), 0, atol=1e-12)


def test_manifolds_take_turns_and_each_has_features_of_its_own():
    assert spaces("mixed", N) == [size for size, *_ in BOTH]
    assert spaces("spheres", 12) == [SPHERE] * 3
    tuned = simplices(spaces("mixed", N))
    assert tuned.shape == (N, 20)
    for size, feature, latent in BOTH:
        rows, columns = slice(feature, feature + size + 1), slice(latent, latent + size)
        np.testing.assert_array_equal(tuned[rows, columns], simplex(size))
        tuned[rows, columns] = 0
    assert not tuned.any()


@pytest.mark.slow
def test_features_respond_by_how_near_the_point_is_to_the_one_they_prefer():
    same = {"feature_probability": 0.4, "amplitude": "one", "batch": 300}
    x, z = draw(**same), latents(**same)
    expected = np.zeros_like(x)
    for size, feature, latent in BOTH:
        for at in range(300):
            point = z[latent : latent + size, at]
            for i, corner in enumerate(simplex(size)):
                if point.any():
                    expected[feature + i, at] = (1 + corner @ point) / 2
    np.testing.assert_allclose(x, expected, atol=1e-6)
    assert (x >= 0).all()


@pytest.mark.slow
def test_points_are_uniform_on_circles_on_spheres_and_on_both_at_once():
    z = latents(batch=4 * BATCH)
    for size, _, latent in BOTH:
        points = z[latent : latent + size]
        np.testing.assert_allclose((points**2).sum(axis=0), 1, rtol=1e-5)
        np.testing.assert_allclose(points.mean(axis=1), 0, atol=0.01)
        parts = (points,)
        if size == PRODUCT:
            parts = (math.sqrt(2) * points[:CIRCLE], math.sqrt(2) * points[CIRCLE:])
        for part in parts:
            dimensions = len(part)
            np.testing.assert_allclose((part**2).sum(axis=0), 1, rtol=1e-5)
            moment = part @ part.T / part.shape[1]
            np.testing.assert_allclose(moment, np.eye(dimensions) / dimensions, atol=0.01)
            # E[c^4] of a coordinate is 3 / (d (d + 2)) where all directions are as likely.
            fourth = 3 / (dimensions * (dimensions + 2))
            np.testing.assert_allclose((part**4).mean(axis=1), fourth, atol=0.01)


@pytest.mark.slow
def test_manifolds_are_there_with_chance_p_independently_of_each_other():
    x = draw(feature_probability=0.3)
    there = np.stack([x[f : f + size + 1].any(axis=0) for size, f, _ in BOTH])
    np.testing.assert_allclose(there.mean(axis=1), 0.3, atol=0.01)
    np.testing.assert_allclose(np.corrcoef(there), np.eye(len(BOTH)), atol=0.02)


@pytest.mark.long
def test_a_circle_is_a_ring_of_three_features_at_width_pi():
    x, z = (f(3, shapes="circles", amplitude="one") for f in (draw, latents))
    half = np.arctan2(z[1], z[0]) / 2
    ring = response(jnp.stack([jnp.cos(half), jnp.sin(half)]), 3, math.pi)
    np.testing.assert_allclose(x, ring, atol=1e-5)


@pytest.mark.slow
def test_points_are_linear_in_what_is_seen_of_them():
    same = {"feature_probability": 0.4, "amplitude": "one"}
    x, z = draw(**same), latents(**same)
    left = z - z @ np.linalg.pinv(x) @ x
    assert (left**2).mean() < 1e-8


@pytest.mark.slow
def test_filling_places_one_manifold_in_a_sample_that_would_be_empty():
    kept, filled = (draw(feature_probability=0.05, empty_samples=e) for e in ("keep", "fill"))
    empty = ~kept.any(axis=0)
    np.testing.assert_allclose(empty.mean(), 0.95**6, atol=0.01)
    np.testing.assert_array_equal(filled[:, ~empty], kept[:, ~empty])
    there = np.stack([filled[f : f + size + 1, empty].any(axis=0) for size, f, _ in BOTH])
    np.testing.assert_array_equal(there.sum(axis=0), 1)
    np.testing.assert_allclose(there.mean(axis=1), 1 / 6, atol=0.01)


@pytest.mark.slow
def test_resampling_keeps_points_and_nothing_of_the_amplitudes():
    features = Manifolds(feature_probability=0.5)
    x = sample(features, N, BATCH)
    fresh = resampled(features, x)
    np.testing.assert_array_equal(fresh > 0, x > 0)
    for size, feature, _ in BOTH:
        rows = slice(feature, feature + size + 1)
        there = x[rows].any(axis=0)
        old, new = (y[rows, there].sum(axis=0) for y in (x, fresh))
        np.testing.assert_allclose(fresh[rows, there] / new, x[rows, there] / old, atol=1e-4)
        amplitude = 2 * new / (size + 1)
        assert amplitude.max() <= 1 + 1e-5
        np.testing.assert_allclose(amplitude.mean(), 1 / 2, atol=0.01)
        np.testing.assert_allclose((amplitude**2).mean(), 1 / 3, atol=0.01)
        assert abs(np.corrcoef(old, new)[0, 1]) < 0.03


@pytest.mark.slow
def test_nothing_is_left_to_resample_where_amplitudes_are_1():
    features = Manifolds(feature_probability=0.5, amplitude="one")
    x = sample(features, N, 500)
    np.testing.assert_array_equal(resampled(features, x), x)


def test_partners_are_the_features_of_the_same_manifold():
    partners = Manifolds(shapes="circles").partners(6)
    together = np.kron(np.eye(2), np.ones((3, 3))).astype(bool)
    np.testing.assert_array_equal(partners, together & ~np.eye(6, dtype=bool))
    assert [row.sum() for row in Manifolds().partners(13)] == [2] * 3 + [3] * 4 + [5] * 6


@pytest.mark.long
@pytest.mark.some(2)
@pytest.mark.parametrize("shapes", SHAPES)
def test_settings_batch_and_stay_finite_at_their_ends(shapes):
    check_lanes([Manifolds(p, shapes=shapes) for p in (1.0, 0.01)], n_features=13)


def measured(W, **settings):
    made = setup(features="manifolds", n_features=W.shape[1], d_hidden=W.shape[0])
    model = untrained(made, KEY)
    model = model.replace(encoder={"W": jnp.asarray(W, jnp.float32)})
    features = Manifolds(amplitude="one", **settings)
    found = jax.jit(lambda: features.measure(model, W.shape[1], None))()
    return {name: np.asarray(value) for name, value in found.items()}


@pytest.mark.long
def test_codes_with_a_subspace_for_each_manifold_have_its_shape_alone_and_less_among_others():
    found = measured(np.eye(N))
    assert set(found) == {measure.name for measure in Manifolds.measures}
    np.testing.assert_allclose(found["manifold_shapes_alone"], 1, atol=1e-4)
    assert (found["manifold_shapes"] < 0.9).all()  # all others are there too
    assert found["manifold_shape"] == pytest.approx(found["manifold_shapes"].mean(), abs=1e-6)
    rare = measured(np.eye(N), feature_probability=0.001)
    np.testing.assert_allclose(rare["manifold_shapes"], 1, atol=0.01)


@pytest.mark.long
def test_a_manifold_without_a_code_has_no_shape():
    W = np.eye(N)
    W[:, :3] = 0
    W[:, 3:7] = 1
    found = measured(W, feature_probability=0.001)
    # A sphere that is only seen to be there is one point, but for rounding.
    assert found["manifold_shapes_alone"][0] == 0
    assert found["manifold_shapes_alone"][1] < 0.2
    np.testing.assert_allclose(found["manifold_shapes_alone"][2:], 1, atol=1e-4)


@pytest.mark.long
def test_a_flattened_sphere_keeps_what_its_shadow_has():
    W = simplices(spaces("spheres", 8)).T
    W[2] = 0
    found = measured(W, shapes="spheres", feature_probability=0.001)["manifold_shapes_alone"]
    points = np.random.default_rng(5).normal(size=(3, 1000))
    points /= np.linalg.norm(points, axis=0)
    shadow = float(distance_correlation(points, points[:2]))
    assert shadow < 0.93
    assert found[0] == pytest.approx(shadow, abs=0.04)  # that of 256 points varies by 0.02
    assert found[1] == pytest.approx(1, abs=1e-4)


def incompatibility(**settings):
    return Manifolds.incompatibility(
        {"n_features": 26, "shapes": "mixed", "amplitude": "uniform"} | settings
    )


def test_features_that_do_not_make_up_manifolds_are_refused_with_how_many_do():
    assert incompatibility() is None
    assert incompatibility(n_features=20) == (
        "cannot divide 20 features among manifolds, as one manifold of each kind has 13 features: "
        "set n_features to 13 or 26"
    )
    assert incompatibility(n_features=2, shapes="circles") == (
        "cannot divide 2 features among manifolds, as each of circles has 3 features: set "
        "n_features to 3"
    )
    assert incompatibility(n_features=12, shapes="spheres") is None
    assert "there or are not" in incompatibility(amplitude="signed")


def test_excess_kurtosis_is_unknown_as_the_features_of_a_manifold_depend_on_each_other():
    assert np.isnan(Manifolds().excess_kurtosis())
