"""What the data force is told from what training did, where it is known which it was."""

import numpy as np
import pytest

from tests.verdict.hand import doubled
from toysup.errors import RefusedError, ToysupError
from toysup.geometry import antipodal_pairs, random_directions, random_tight_frames
from toysup.matrices import fits
from toysup.matrices.fits import Moments
from toysup.matrices.forced import (
    ABOVE,
    ACTIVATIONS,
    BELOW,
    FEATURES,
    WITHIN,
    forced,
    numbers,
    side,
)
from toysup.matrices.judge import judge
from toysup.matrices.matrix import Matrix
from toysup.spec.label import Label

pytestmark = pytest.mark.slow

OTHER_FITS = sorted(fits.OF_FEATURES.keys() - {"whitened", "random rotation"})
T, P, CONE, SHARING = (
    *("squared_interference", "positive_interference"),
    *("mean_length", "sharing_fraction"),
)


def rng(seed):
    return np.random.default_rng(seed)


def held(W, X):
    """A matrix beside samples, given as rows."""
    [found] = forced([Matrix("it", W)], Matrix("data", np.ascontiguousarray(X.T)))
    return found


def label(W):
    [found] = judge({"it": [Matrix("it", W)]})
    return found.verdict.label


def independent(n, samples=3000, seed=0):
    return rng(seed).standard_normal((samples, n))


def test_tightness_that_independent_features_force_is_no_training():
    W = random_tight_frames(rng(1), 1, 12, 60)[0]
    assert label(W) in (Label.EVEN, Label.PARTIAL)
    found = held(W, independent(60))
    assert found.samples_of == FEATURES
    assert [found.side(name) for name in (T, P, CONE, SHARING)] == [WITHIN] * 4


def test_pairs_that_no_second_moments_force_are_training():
    found = held(antipodal_pairs(12), independent(24))
    assert (found.side(P), found.own.positive_interference) == (BELOW, 0.0)
    assert found.range(P)[0] > 0.3


@pytest.mark.long
def test_a_cone_that_the_mean_of_the_features_forces_is_no_training():
    X = 1 + 0.5 * independent(60)
    W = fits.scaled_components(0.5)(Moments.of(X), 12, 60, rng(0))
    assert label(W) in (Label.CONE, Label.SEEKING, Label.COLLAPSED, Label.LOW_RANK)
    found = held(W, X)
    assert [found.side(name) for name in (T, P, CONE)] == [WITHIN] * 3
    assert found.null["best fit to correlations"][CONE].low > 0.5
    # Directions at random have no cone, and so no more positive cosines than these data force.
    loose = held(random_directions(rng(2), 1, 12, 60)[0], X)
    assert loose.side(CONE) == WITHIN
    assert loose.own.mean_length < 0.5 * found.range(CONE)[1]


@pytest.mark.long
def test_features_that_share_are_forced_where_the_data_has_them_twice():
    once = independent(20)
    X = np.concatenate([once, once + 0.01 * independent(20, seed=1)], axis=1)
    W = doubled(random_directions(rng(0), 1, 12, 20)[0])
    found = held(W, X)
    assert found.null["principal components"][SHARING].low == 1
    assert found.side(SHARING) == WITHIN
    assert held(W, independent(40)).side(SHARING) == ABOVE


@pytest.mark.long
def test_a_cone_that_activations_force_is_no_training():
    mean = np.zeros(16)
    mean[0] = 1.5
    activations = mean + independent(16)
    cone = (mean + independent(16, 300, seed=1)).T
    assert label(cone) in (Label.CONE, Label.SEEKING)
    found = held(cone, activations)
    assert found.samples_of == ACTIVATIONS
    assert [found.side(name) for name in (T, P, CONE)] == [WITHIN] * 3
    spread = held(random_directions(rng(0), 1, 16, 300)[0], activations)
    assert (spread.side(P), spread.side(T)) == (BELOW, BELOW)


@pytest.mark.long
def test_activations_that_are_white_force_nothing_and_leave_packing_to_training():
    white = independent(16, 20_000)
    assert held(random_directions(rng(0), 1, 16, 200)[0], white).side(P) == WITHIN
    assert held(random_tight_frames(rng(0), 1, 16, 200)[0], white).side(T) == WITHIN
    assert held(antipodal_pairs(16), white).side(P) == BELOW


@pytest.mark.long
@pytest.mark.parametrize(
    "name",
    [
        "whitened",
        *(pytest.param(name, marks=pytest.mark.long) for name in ("random rotation", *OTHER_FITS)),
    ],
)
def test_fits_to_fresh_samples_are_seldom_outside(name):
    outside = 0
    root = rng(0).standard_normal((30, 30)) * np.linspace(0.3, 1, 30)
    for seed in range(12):
        X, fresh = (independent(30, 400, 2 * seed + k) @ root + 0.2 for k in (0, 1))
        W = fits.OF_FEATURES[name](Moments.of(fresh), 6, 30, rng(seed))
        outside += held(W, X).side(P) != WITHIN
    assert outside <= 2


def test_gaussian_directions_have_the_mean_and_second_moments_of_the_samples():
    X = independent(5, 4000) * np.arange(1, 6) + np.array([2, 0, 0, 0, 1])
    W = fits.like_samples(Moments.of(X), 5, 200_000, rng(0))
    np.testing.assert_allclose(W.mean(axis=1), X.mean(axis=0), atol=0.05)
    np.testing.assert_allclose(W @ W.T / 200_000, X.T @ X / 4000, atol=0.2)


def test_random_rotations_of_directions_have_the_second_moments_exactly():
    X = independent(6, 500) @ rng(3).standard_normal((6, 6))
    W = fits.rotated_directions(Moments.of(X), 6, 40, rng(0))
    np.testing.assert_allclose(W @ W.T, X.T @ X / 500, atol=1e-9)


@pytest.mark.parametrize(("m", "r", "samples"), [(16, 200, 2000), (32, 300, 6000)])
def test_finitely_many_samples_add_to_t_what_is_said(m, r, samples):
    drawn = np.random.default_rng(0)
    exact = held(random_tight_frames(drawn, 1, m, r)[0], independent(m, samples))
    found = [
        numbers(fits.rotated_directions(Moments.of(independent(m, samples, seed)), m, r, drawn), m)
        for seed in range(8)
    ]
    added = np.mean([one.squared_interference for one in found]) - exact.own.squared_interference
    assert exact.error == r / samples
    assert added == pytest.approx(exact.error, abs=0.3 * exact.error)


def test_whitened_features_have_codes_of_unit_second_moments():
    X = independent(9, 500) @ rng(3).standard_normal((9, 9))
    h = fits.OF_FEATURES["whitened"](Moments.of(X), 4, 9, rng(0)) @ X.T
    np.testing.assert_allclose(h @ h.T / 500, np.eye(4), atol=1e-9)


def test_samples_of_another_size_are_a_line():
    W = random_directions(rng(0), 1, 4, 9)[0]
    with pytest.raises(ToysupError, match=r"samples have 5 numbers\. it has 9 directions of 4 dim"):
        held(W, np.ones((20, 5)))
    with pytest.raises(ToysupError, match="samples of all 20 features, and --sample leaves some"):
        forced([Matrix("it", W, drawn_from=20)], Matrix("data", np.ones((20, 5))))
    with pytest.raises(ToysupError, match="all of its samples are zero"):
        held(W, np.zeros((20, 9)))
    only = np.eye(9)[:1].repeat(20, axis=0)
    with pytest.raises(ToysupError, match="fewer than two of its represented directions"):
        held(W, only)
    with pytest.raises(RefusedError, match="second moments of 3,000 features take too long"):
        held(np.ones((2, 3000)), np.ones((3, 3000)))


def test_a_feature_that_never_occurs_has_no_direction_to_compare():
    X = independent(9)
    X[:, 4] = 0
    assert held(random_directions(rng(0), 1, 3, 9)[0], X).directions == 8


def test_fewer_features_than_dimensions_are_forced_to_be_orthogonal():
    found = held(np.eye(9)[:, :5], independent(5))
    assert found.null["principal components"][T].high == pytest.approx(0, abs=1e-12)
    assert (found.side(T), found.side(P)) == (WITHIN, WITHIN)
    few = held(random_directions(rng(0), 1, 9, 5)[0], independent(9, 40_000))
    assert few.samples_of == ACTIVATIONS
    assert few.null["random rotation"][T].high < 0.1


def test_each_seed_is_beside_the_null_of_the_directions_that_it_represents():
    X = Matrix("data", np.ascontiguousarray(independent(24).T))
    loose = random_directions(rng(3), 2, 12, 24)
    loose[1, :, :4] = 0
    group = [Matrix("pairs", antipodal_pairs(12)), *(Matrix("loose", W) for W in loose)]
    found = forced(group, X)
    assert [one.directions for one in found] == [24, 24, 20]
    assert found[0].null == found[1].null != found[2].null
    alone = forced(group[:1], X)
    assert alone[0].null == found[0].null
    assert [one.side(P) for one in found] == [BELOW, ABOVE, ABOVE]
    assert side(found, P) == (ABOVE, 2)
    assert side([found[0]] * 2 + [found[1]], P) == (BELOW, 2)
    assert side(found[:2], P) == (WITHIN, 0)
