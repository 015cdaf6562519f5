import numpy as np

from toysup.metrics.represented import cosines, n_represented, represented


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
