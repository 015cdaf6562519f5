import numpy as np
import pytest

from toysup.geometry import antipodal_pairs, polygon, simplex
from toysup.metrics.coherence import (
    collinear_fraction,
    max_cosine,
    mean_abs_cosine,
    mean_cosine,
    min_cosine,
)


def test_the_formulas_by_loops():
    rng = np.random.default_rng(0)
    W = rng.standard_normal((2, 9)) * rng.uniform(0.05, 1, 9)
    a = np.linalg.norm(W, axis=0)
    R = [i for i in range(9) if a[i] > 0.3 * max(a)]
    c = [W[:, i] @ W[:, j] / (a[i] * a[j]) for i in R for j in R if i != j]
    assert mean_abs_cosine(W) == pytest.approx(sum(map(abs, c)) / len(c))
    assert mean_cosine(W) == pytest.approx(sum(c) / len(c))
    assert max_cosine(W) == pytest.approx(max(c))
    assert min_cosine(W) == pytest.approx(min(c))
    assert collinear_fraction(W) == pytest.approx(sum(x > 0.9 for x in c) / len(c))
    assert 0 < collinear_fraction(W) < 1


def test_every_cosine_of_a_simplex_is_minus_one_over_the_dimensions():
    W = simplex(4)
    assert max_cosine(W) == pytest.approx(-1 / 4)
    assert min_cosine(W) == pytest.approx(-1 / 4)
    assert mean_cosine(W) == pytest.approx(-1 / 4)
    assert mean_abs_cosine(W) == pytest.approx(1 / 4)


def test_directions_that_sum_to_zero_have_the_least_mean_cosine():
    for W in (polygon(5), antipodal_pairs(3)):
        assert mean_cosine(W) == pytest.approx(-1 / (W.shape[1] - 1))


def test_one_direction_is_collinear_and_antipodal_twins_are_not():
    assert collinear_fraction(np.ones((3, 4))) == 1
    assert collinear_fraction(antipodal_pairs(3)) == 0
    assert mean_cosine(np.ones((3, 4))) == pytest.approx(1)


def test_one_feature_has_no_pairs():
    for metric in (mean_abs_cosine, mean_cosine, max_cosine, min_cosine, collinear_fraction):
        assert np.isnan(metric(np.array([[1.0, 0.1], [0.0, 0.1]])))
