"""Subspaces of groups of features, against scipy's principal angles and closed forms."""

import warnings
from itertools import combinations

import numpy as np
import pytest
from scipy.linalg import subspace_angles

from toysup.features.correlated import Correlated
from toysup.features.ring import Ring
from toysup.metrics.interference import squared_interference
from toysup.metrics.subspaces import (
    groups,
    subspace_angle,
    subspace_dimensions,
    subspace_interference,
    subspace_quantile,
)

EXACT = 1e-6  # a threshold with which every dimension counts
ALL = (subspace_angle, subspace_dimensions, subspace_interference, subspace_quantile)
SIZES = (3, 4, 2, 3)


def mask(*sizes):
    group = np.repeat(np.arange(len(sizes)), sizes)
    return (group[:, None] == group) & ~np.eye(len(group), dtype=bool)


def parts(W, sizes):
    return np.split(W, np.cumsum(sizes)[:-1], axis=1)


def random(draws=(), m=8, sizes=SIZES, seed=0):
    return np.random.default_rng(seed).standard_normal((*draws, m, sum(sizes)))


def test_angles_and_overlap_are_those_of_scipy():
    W, m, D = random(), 8, sum(SIZES)
    angles = [subspace_angles(a, b) for a, b in combinations(parts(W, SIZES), 2)]
    smallest = np.degrees([found.min() for found in angles])
    assert subspace_angle(W, mask(*SIZES), EXACT) == pytest.approx(smallest.mean())
    overlap = 2 * sum((np.cos(found) ** 2).sum() for found in angles)
    null, bound = (D**2 - sum(d**2 for d in SIZES)) / m, D * (D - m) / m
    expected = (overlap - bound) / (null - bound)
    assert subspace_interference(W, mask(*SIZES), EXACT) == pytest.approx(expected)
    assert subspace_dimensions(W, mask(*SIZES), EXACT) == D


def test_orthogonal_subspaces_are_at_90_degrees_and_equal_ones_at_0():
    apart = np.linalg.qr(random(m=12))[0]
    assert subspace_angle(apart, mask(*SIZES)) == pytest.approx(90, abs=1e-5)
    assert subspace_interference(apart, mask(*SIZES)) == pytest.approx(0, abs=1e-12)
    assert subspace_quantile(apart, mask(*SIZES)) == 0
    rng = np.random.default_rng(1)
    plane = rng.standard_normal((8, 2))
    same = np.concatenate([plane @ rng.standard_normal((2, 2)) for _ in range(3)], axis=1)
    assert subspace_angle(same, mask(2, 2, 2), EXACT) == pytest.approx(0, abs=1e-5)
    assert subspace_quantile(same, mask(2, 2, 2), EXACT) == 1


def test_a_tight_fusion_frame_overlaps_the_least():
    halves = np.array([[1.0, 0], [0, 1], [0, 0], [0, 0]]), np.eye(4)[:, 2:]
    tight = np.concatenate([*halves, *(np.linalg.qr(random((1,), 4, (4,)))[0])[None, 0]], axis=1)
    assert subspace_interference(tight, mask(2, 2, 2, 2)) == pytest.approx(0, abs=1e-12)
    assert subspace_quantile(tight, mask(2, 2, 2, 2)) == 0


@pytest.mark.slow
def test_random_subspaces_are_1_on_average_and_anywhere_in_their_null():
    W = random((400,), seed=2)
    found = subspace_interference(W, mask(*SIZES))
    assert found.mean() == pytest.approx(1, abs=4 * found.std() / 20)
    quantiles = subspace_quantile(W, mask(*SIZES))
    for share in (0.05, 0.5, 0.95):
        assert (quantiles < share).mean() == pytest.approx(share, abs=0.08)


def test_groups_of_one_feature_are_directions():
    W = random((5,), m=3, sizes=(2, 1, 1, 1))
    W[:, :, 1] = 2 * W[:, :, 0]  # a pair that shares a direction has one dimension
    found = subspace_interference(W, mask(2, 1, 1, 1), threshold=EXACT)
    np.testing.assert_allclose(found, squared_interference(W[:, :, 1:], threshold=0))
    np.testing.assert_array_equal(subspace_dimensions(W, mask(2, 1, 1, 1), threshold=EXACT), 4)


def test_what_a_group_does_with_its_own_dimensions_changes_nothing():
    W, rng = random(), np.random.default_rng(3)
    turned = [A @ np.linalg.qr(rng.standard_normal((d, d)))[0] for A, d in zip(
        parts(W, SIZES), SIZES, strict=True
    )]  # fmt: skip
    rotation = np.linalg.qr(rng.standard_normal((8, 8)))[0]
    for column in ALL:
        plain = column(W, mask(*SIZES))
        again = column(3 * rotation @ np.concatenate(turned, axis=1), mask(*SIZES))
        np.testing.assert_allclose(again, plain, rtol=1e-9)


def test_a_squeezed_dimension_and_a_dropped_group_do_not_count():
    W = np.linalg.qr(random(m=12))[0]
    W[:, 0] *= 0.2
    assert subspace_dimensions(W, mask(*SIZES)) == 11
    W[:, 3:7] *= 0.2
    assert subspace_dimensions(W, mask(*SIZES)) == 7
    W[:, 3:] *= 0.01
    assert np.isnan([column(W, mask(*SIZES)) for column in ALL]).all()


def test_groups_are_where_all_of_them_are_related():
    assert [g.tolist() for g in groups(mask(2, 1, 3))] == [[0, 1], [2], [3, 4, 5]]
    assert [g.tolist() for g in groups(Correlated(group_size=2).partners(5))] == [
        [0, 1], [2, 3], [4],
    ]  # fmt: skip
    assert groups(Ring().partners(6)) == groups(np.zeros((4, 4), bool)) == []
    assert np.isnan([column(random(sizes=(6,)), Ring().partners(6)) for column in ALL]).all()


def test_each_condition_takes_its_own_groups_and_a_diverged_instance_is_quiet():
    W = random((5, 2), sizes=(6,))
    W[1, 1, 0, 0] = np.nan
    W[2, 0] = 0
    partners = np.stack([mask(2, 4), mask(3, 3)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for column in ALL:
            found = column(W, partners)
            assert found.shape == (5, 2)
            np.testing.assert_array_equal(np.argwhere(np.isnan(found)), [[1, 1], [2, 0]])
            assert found[0, 0] == pytest.approx(column(W[0, 0], mask(2, 4)))
            assert found[0, 1] == pytest.approx(column(W[0, 1], mask(3, 3)))


def test_more_features_than_dimensions_span_them_all():
    W = random(m=3, sizes=(4, 5))
    assert subspace_dimensions(W, mask(4, 5), EXACT) == 6
    assert subspace_angle(W, mask(4, 5), EXACT) == pytest.approx(0, abs=1e-5)
    assert np.isnan(subspace_interference(W, mask(4, 5), EXACT))  # nothing can be better or worse
