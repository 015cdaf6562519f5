import numpy as np
import pytest

from toysup.geometry import polygon
from toysup.metrics.interference import interference
from toysup.metrics.last import last_interference, last_norm
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
