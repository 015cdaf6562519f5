import numpy as np

from toysup.metrics.represented import cosines, leading_represented, n_represented, represented


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
