import warnings

import numpy as np
import pytest

from toysup.geometry import antipodal_pairs
from toysup.metrics.coherence import mean_cosine
from toysup.metrics.related import (
    collapsed_pairs,
    related_cosine,
    related_squared_cosine,
    unrelated_cosine,
    unrelated_squared_cosine,
)


def mask(n, *pairs):
    partners = np.zeros((n, n), bool)
    for i, j in pairs:
        partners[i, j] = partners[j, i] = True
    return partners


def test_the_means_by_loops_over_represented_features():
    rng = np.random.default_rng(0)
    W = rng.standard_normal((3, 8)) * rng.uniform(0.05, 1, 8)
    W[:, 4] *= 0.05
    partners = mask(8, (0, 1), (1, 2), (3, 4), (5, 7))
    a = np.linalg.norm(W, axis=0)
    R = [i for i in range(8) if a[i] > 0.3 * max(a)]
    c = {(i, j): W[:, i] @ W[:, j] / (a[i] * a[j]) for i in R for j in R if i < j}
    related = [value for pair, value in c.items() if partners[pair]]
    rest = [value for pair, value in c.items() if not partners[pair]]
    assert 0 < len(related) < 4
    assert related_cosine(W, partners) == pytest.approx(np.mean(related))
    assert unrelated_cosine(W, partners) == pytest.approx(np.mean(rest))
    assert related_squared_cosine(W, partners) == pytest.approx(np.mean(np.square(related)))
    assert collapsed_pairs(W, partners) == sum(value > 0.9 for value in related)
    assert unrelated_squared_cosine(W, partners) == pytest.approx(np.mean(np.square(rest)))


def test_pairs_collapse_stand_apart_or_oppose_each_other():
    partners = mask(4, (0, 1), (2, 3))
    collapsed, apart = np.repeat(np.eye(2), 2, axis=1), np.eye(4)
    opposed = antipodal_pairs(2)[:, [0, 2, 1, 3]]
    for W, cosine in ((collapsed, 1), (apart, 0), (opposed, -1)):
        assert collapsed_pairs(W, partners) == (2 if cosine == 1 else 0)
        assert related_cosine(W, partners) == pytest.approx(cosine)
        assert unrelated_cosine(W, partners) == pytest.approx(0)


def test_a_pair_with_a_feature_that_is_not_represented_does_not_count():
    W = np.array([[1.0, 0.1, 1.0, 1.0], [0.0, 0.0, 0.0, 1.0]])
    assert np.isnan(related_cosine(W, mask(4, (0, 1))))
    assert related_cosine(W, mask(4, (0, 1), (0, 2))) == pytest.approx(1)


def test_without_partners_everything_is_unrelated():
    W = np.random.default_rng(1).standard_normal((3, 6))
    assert np.isnan(related_cosine(W, mask(6)))
    assert unrelated_cosine(W, mask(6)) == pytest.approx(mean_cosine(W))


def test_each_condition_takes_its_own_partners_and_a_diverged_instance_is_quiet():
    W = np.random.default_rng(2).standard_normal((5, 2, 3, 4))
    W[1, 1, 0, 0] = np.nan
    partners = np.stack([mask(4, (0, 1)), mask(4, (2, 3))])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = related_cosine(W, partners)
    assert found.shape == (5, 2)
    assert found[0, 1] == pytest.approx(related_cosine(W[0, 1], partners[1]))
    assert np.isnan(found[1]).tolist() == [False, True]


def test_squares_tell_orthogonal_pairs_from_lines_whose_cosines_cancel():
    partners, lines = mask(4, (0, 1), (2, 3)), np.array([[1.0, 1, 0, 0], [0, 0, 1, -1]])
    assert related_cosine(lines, partners) == related_cosine(np.eye(4), partners) == 0
    assert related_squared_cosine(lines, partners) == 1
    assert related_squared_cosine(np.eye(4), partners) == 0


def test_two_orthogonal_bases_of_one_space_leave_all_interference_between_them():
    Q = np.linalg.qr(np.random.default_rng(3).normal(size=(10, 10)))[0]
    W = np.concatenate([np.eye(10), Q], axis=1)
    partners = np.kron(np.eye(2), np.ones((10, 10))).astype(bool) & ~np.eye(20, dtype=bool)
    assert related_squared_cosine(W, partners) == pytest.approx(0)
    assert unrelated_squared_cosine(W, partners) == pytest.approx(1 / 10)
