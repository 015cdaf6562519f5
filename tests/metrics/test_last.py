import numpy as np
import pytest

from toysup.geometry import polygon, simplex
from toysup.metrics.interference import interference
from toysup.metrics.last import (
    last_interference,
    last_norm,
    last_overlap,
    last_relative_norm,
)
from toysup.metrics.norms import norms


def test_they_are_the_last_of_the_lists():
    W = np.random.default_rng(0).normal(size=(4, 3, 5))
    np.testing.assert_allclose(last_norm(W), norms(W)[..., -1])
    np.testing.assert_allclose(last_interference(W), interference(W)[..., -1])


def test_the_interference_of_a_corner_of_the_pentagon_is_three_halves():
    assert last_interference(polygon(5)) == pytest.approx(1.5)


def test_a_last_feature_that_is_zero_has_no_direction():
    assert last_norm([[1.0, 0.0]]) == 0
    assert np.isnan(last_interference([[1.0, 0.0]]))


def test_without_scale_they_are_a_share_of_the_longest_direction():
    W = np.random.default_rng(0).normal(size=(4, 3, 5))
    longest = norms(W).max(axis=-1)
    np.testing.assert_allclose(last_relative_norm(7 * W), last_norm(W) / longest)
    np.testing.assert_allclose(last_overlap(7 * W), last_interference(W) / longest**2)


def test_a_corner_of_a_triangle_has_half_of_the_overlap_of_a_pair():
    assert last_overlap(simplex(2)) == pytest.approx(1 / 2)


def test_a_last_feature_of_length_zero_has_no_overlap():
    assert last_relative_norm([[1.0, 0.0]]) == 0
    assert np.isnan(last_overlap([[1.0, 0.0]]))
