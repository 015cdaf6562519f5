"""Features that are too close for a best code, however few or many they are."""

import numpy as np
import pandas as pd
import pytest

from tests.verdict.hand import noisy, results, verdict
from toysup.errors import ToysupError
from toysup.geometry import antipodal_pairs, polygon, sharing_cosine, simplex
from toysup.geometry.potentials import POSITIVE
from toysup.geometry.search import best_code
from toysup.verdict import judge
from toysup.verdict.rule import MINIMISES, Label


def turned(W):
    m = len(W)
    return np.linalg.qr(np.random.default_rng(0).standard_normal((m, m)))[0] @ W


def pulled(W, cosine, pairs=1):
    """W with the features of some pairs at this cosine, in the plane that they were in."""
    W = W.copy()
    for i in range(0, 2 * pairs, 2):
        W[:, i + 1] = cosine * W[:, i] + np.sqrt(1 - cosine**2) * W[:, i + 1]
    return W


@pytest.mark.slow
@pytest.mark.parametrize(
    ("m", "cosine", "pairs"), [(30, 1.0, 1), (64, 1.0, 2), (20, 0.8, 1), (200, 1.0, 3)]
)
def test_as_many_features_as_dimensions_do_not_minimise_where_two_are_one_or_close(
    m, cosine, pairs
):
    found = verdict(*[pulled(np.eye(m), cosine, pairs)] * 3)
    assert found.label == verdict(*[turned(pulled(np.eye(m), cosine, pairs))] * 3).label
    assert found.label not in MINIMISES
    assert ("one and the same" if cosine == 1 else "too close") in found.reason


@pytest.mark.parametrize(
    "group",
    [
        noisy(np.eye(20), share=0.2),
        noisy(np.eye(10), share=0.2),
        noisy(np.eye(10)[:, :8], share=0.2),
        [np.linalg.cholesky(0.9 * np.eye(5) + 0.1).T] * 10,
    ],
)
def test_orthogonal_directions_with_noise_are_no_superposition(group):
    found = verdict(*group)
    assert found.squared_interference.value > 0.05
    assert found.label == Label.NO_SUPERPOSITION


@pytest.mark.slow
@pytest.mark.parametrize(
    "code", [simplex(4) @ np.eye(5), np.concatenate([antipodal_pairs(3), np.zeros((3, 6))])]
)
def test_features_that_are_opposite_each_other_are_superposition_though_there_is_room(code):
    assert verdict(code).label == Label.MINIMISING


@pytest.mark.slow
@pytest.mark.parametrize(("groups", "members", "degrees"), [(7, 3, 8.7), (7, 4, 6.6)])
def test_groups_in_the_plane_just_short_of_sharing_do_not_minimise(groups, members, degrees):
    centres = 2 * np.pi * np.arange(groups)[:, None] / groups
    angle = (centres + np.deg2rad(degrees) * np.arange(members)).ravel()
    found = verdict(np.stack([np.cos(angle), np.sin(angle)]))
    assert found.sharing_fraction == 0
    assert found.label not in MINIMISES
    assert "too close" in found.reason


@pytest.mark.slow
@pytest.mark.parametrize(
    "group",
    [
        [np.c_[polygon(4), polygon(4)[:, :1]]] * 10,
        [np.c_[polygon(5), polygon(5)[:, :1]]] * 10,
        noisy(np.eye(2)[:, [0, 0, 1]], seeds=5, share=0.05),
    ],
)
def test_features_with_one_and_the_same_direction_share_it_in_a_small_plane_too(group):
    assert verdict(*group).label == Label.SHARING


@pytest.mark.slow
@pytest.mark.parametrize(("r", "m", "share"), [(40, 3, 0.4), (30, 3, 0.3)])
def test_pairs_in_the_best_code_pulled_just_short_of_sharing_do_not_minimise(r, m, share):
    code = best_code(POSITIVE, r, m)
    assert verdict(code).label == Label.MINIMISING
    drawn = nearest_pairs(code, int(share * r / 2))
    for i, j in drawn:
        middle = code[:, i] + code[:, j]
        middle /= np.linalg.norm(middle)
        aside = code[:, i] - middle * (middle @ code[:, i])
        aside /= np.linalg.norm(aside)
        half = np.arccos(sharing_cosine(r, m) - 0.002) / 2
        code[:, i] = np.cos(half) * middle + np.sin(half) * aside
        code[:, j] = np.cos(half) * middle - np.sin(half) * aside
    found = verdict(code)
    assert found.sharing_fraction <= 0.1
    assert found.label not in MINIMISES
    assert "too close" in found.reason


def nearest_pairs(code, count):
    """The nearest pairs of directions, each feature in one."""
    cosines = np.triu(code.T @ code, 1)
    order = np.argsort(-cosines, axis=None)
    found, used = [], set()
    for i, j in zip(*np.unravel_index(order, cosines.shape), strict=True):
        if len(found) < count and not {i, j} & used:
            found.append((i, j))
            used |= {i, j}
    return found


def test_copies_of_rows_are_no_more_seeds():
    rows = results([polygon(5)] * 5)
    with pytest.raises(ToysupError, match="5 rows repeat"):
        judge(pd.concat([rows, rows], ignore_index=True), settings=[])


def ring(groups, members, degrees):
    """Groups of features round a circle, their members so many degrees apart."""
    middle = 360 * np.arange(groups)[:, None] / groups
    angles = np.deg2rad(middle + degrees * (np.arange(members) - (members - 1) / 2)).ravel()
    return np.stack([np.cos(angles), np.sin(angles)])


@pytest.mark.slow
@pytest.mark.parametrize("group", [(10, 4, 4.6), (8, 3, 7.6), (20, 2, 4.6), (9, 7, 2.9)])
def test_groups_round_a_circle_do_not_minimise_however_wide_they_just_are(group):
    found = verdict(ring(*group))
    assert found.label == Label.EVEN
    assert "100% of the features are too close" in found.reason


@pytest.mark.slow
def test_a_corner_of_a_polygon_that_is_there_twice_does_not_minimise():
    found = verdict(*noisy(np.c_[polygon(19), polygon(19)[:, :1]], share=0.005))
    assert found.label not in MINIMISES
    assert "10% of the features are one and the same" in found.reason


@pytest.mark.slow
@pytest.mark.parametrize("sides", [20, 40, 57])
def test_a_polygon_with_many_corners_minimises_with_noise(sides):
    assert verdict(*noisy(polygon(sides), share=0.01)).label == Label.MINIMISING


@pytest.mark.slow
@pytest.mark.parametrize("W", [antipodal_pairs(5), np.ones((5, 20)), polygon(5)])
def test_seeds_too_few_for_a_large_report_are_not_called_random(W):
    [alone] = judge(results([W])).verdicts
    assert alone.label != Label.RANDOM
    for found in judge(results(*[[W]] * 20)).verdicts:
        assert found.label == Label.UNDEFINED
        assert not found.counts
        assert "1 seed cannot be told from random directions beside 120 tests" in found.reason
