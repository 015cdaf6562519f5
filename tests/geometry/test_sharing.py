import numpy as np
import pytest

from toysup.geometry import (
    antipodal_pairs,
    polygon,
    random_directions,
    sharing_cosine,
    told_apart_cosine,
)


def largest(U):
    return (U.T @ U - 2 * np.eye(U.shape[1])).max()


@pytest.mark.parametrize("r", [10, 11, 20, 64, 1000])
def test_in_the_plane_it_is_half_the_angle_of_a_regular_polygon(r):
    assert sharing_cosine(r, 2) == pytest.approx(np.cos(np.pi / r), abs=1e-12)
    assert largest(polygon(r)) < sharing_cosine(r, 2)


@pytest.mark.parametrize(("r", "m"), [(2, 1), (5, 2), (9, 2), (40, 3), (64, 5), (400, 30)])
def test_nearly_everywhere_it_is_the_constant(r, m):
    assert sharing_cosine(r, m) == 0.95


@pytest.mark.parametrize("r", [41, 64, 300])
def test_in_space_a_cap_is_a_share_of_the_height(r):
    # Archimedes: a cap of height 1 - cos(phi) has (1 - cos(phi)) / 2 of the sphere.
    assert sharing_cosine(r, 3) == pytest.approx(max(0.95, 1 - 2 / r), abs=1e-12)


def test_a_cap_of_that_radius_is_one_r_th_of_the_sphere():
    m, r = 4, 900
    U = random_directions(np.random.default_rng(0), 1, m, 400_000)[0]
    assert (U[0] > sharing_cosine(r, m)).mean() == pytest.approx(1 / r, rel=0.15)


def test_doubled_codes_are_not_told_apart():
    for U in (polygon(5), polygon(20), antipodal_pairs(4)):
        twice = np.concatenate([U, U], axis=1)
        m, r = twice.shape
        assert largest(U) < sharing_cosine(U.shape[1], m)
        assert largest(twice) > sharing_cosine(r, m)


def test_in_one_dimension_three_features_share():
    assert sharing_cosine(3, 1) == 1


@pytest.mark.parametrize(("r", "m"), [(5, 2), (20, 5), (400, 30), (64, 10)])
def test_directions_told_apart_are_twice_as_far_as_where_they_share(r, m):
    angles = [np.arccos(f(r, m)) for f in (told_apart_cosine, sharing_cosine)]
    assert angles[0] == pytest.approx(2 * angles[1])


@pytest.mark.parametrize(("r", "m"), [(20, 2), (64, 2), (60, 3), (200, 3), (600, 4)])
def test_in_crowded_dimensions_codes_are_told_apart_and_still_exist(r, m):
    least = told_apart_cosine(r, m)
    assert sharing_cosine(r, m) > least  # what is told apart does not share
    if m == 2:
        assert np.cos(2 * np.pi / r) < least  # the regular polygon is
