import numpy as np
import pytest

from toysup.metrics.coherence import max_cosine, min_cosine
from toysup.metrics.dimensionality import dimensionality
from toysup.metrics.interference import interference
from toysup.metrics.represented import (
    ROWS_AT_ONCE,
    cosine_rows,
    cosines,
    leading_represented,
    mean_over_pairs,
    n_represented,
    represented,
    sum_over_pairs,
)


def test_a_feature_counts_above_three_tenths_of_the_largest_norm():
    W = np.diag([10.0, 3.1, 2.9])
    assert represented(W).tolist() == [True, True, False]
    assert n_represented(W) == 2
    assert n_represented(W, threshold=0.2) == 3
    assert n_represented(W, threshold=0.5) == 1


def test_a_norm_is_compared_not_an_entry():
    W = np.array([[1.0, 0.25], [0.0, 0.25]])
    assert n_represented(W) == 2


def test_threshold_zero_counts_everything_but_zeros():
    assert n_represented(np.diag([1.0, 1e-9, 0.0]), threshold=0) == 2


def test_cosines_are_zero_outside_of_pairs():
    W = np.array([[1.0, 1.0, 0.1], [0.0, 1.0, 0.0]])
    cosine, pairs = cosines(W)
    np.testing.assert_allclose(cosine, np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]]) / np.sqrt(2))
    assert pairs.sum() == 2


def test_the_leading_share_is_1_for_the_first_ones_and_counts_those_that_jump_the_queue():
    assert leading_represented(np.diag([1.0, 0.5, 0.4, 0.1])) == 1
    assert leading_represented(np.diag([1.0, 0.1, 0.4, 0.1])) == 1 / 2
    assert leading_represented(np.diag([0.1, 0.1, 0.4, 0.5])) == 0
    assert np.isnan(leading_represented(np.zeros((2, 3))))


def test_the_leading_share_of_random_norms_by_a_loop():
    W = np.random.default_rng(0).normal(size=(40, 1, 6)) ** 3
    for one, found in zip(W[:, 0], leading_represented(W), strict=True):
        R = [i for i in range(6) if abs(one[i]) > 0.3 * max(abs(one))]
        assert found == sum(i < len(R) for i in R) / len(R)


def test_rows_of_cosines_add_up_to_all_of_them():
    W = np.random.default_rng(0).standard_normal((2, 4, 11))
    W[0, :, 3] = 0
    blocks = list(cosine_rows(W, at_once=4))
    assert len(blocks) == 3
    for whole, parts in zip(cosines(W), list(zip(*blocks, strict=True))[1:], strict=True):
        np.testing.assert_allclose(np.concatenate(parts, axis=-2), whole, rtol=1e-13, atol=1e-15)


@pytest.mark.slow
def test_sums_over_more_rows_than_are_taken_at_once_are_those_of_the_whole_matrix():
    W = np.random.default_rng(1).standard_normal((3, 2 * ROWS_AT_ONCE + 7))
    cosine, pairs = cosines(W)
    assert sum_over_pairs(np.square, W) == pytest.approx((cosine**2).sum(), rel=1e-12)
    among = np.random.default_rng(2).random(pairs.shape) < 0.1
    expected = np.exp(cosine[pairs & among]).mean()
    assert mean_over_pairs(np.exp, W, among=among) == pytest.approx(expected, rel=1e-12)
    squares = (W.T @ W) ** 2
    own = (W**2).sum(axis=0)
    disturbed = (squares.sum(axis=1) - own**2) / own
    np.testing.assert_allclose(interference(W), disturbed, rtol=1e-9)
    np.testing.assert_allclose(dimensionality(W), own**2 / squares.sum(axis=1), rtol=1e-12)
    assert max_cosine(W) == cosine[pairs].max()
    assert min_cosine(W) == cosine[pairs].min()
