import warnings
from itertools import combinations

import numpy as np
import pytest

from toysup.geometry import polygon, random_tight_frames
from toysup.metrics.selectivity import (
    features_in_neurons,
    features_per_neuron,
    monosemantic_share,
    neurons_per_feature,
)

RESPONSES = np.random.default_rng(0).standard_normal((3, 4, 5, 7))


def naive(matrix):
    """The count and the share, unit by unit."""
    counts, alone = [], []
    for unit in matrix:
        squares = [r**2 for r in unit]
        if sum(squares) > 0:
            counts.append(sum(squares) ** 2 / sum(s**2 for s in squares))
            alone.append(max(squares) > 0.95 * sum(squares))
    return np.mean(counts), np.mean(alone)


def test_the_formulas_unit_by_unit_over_the_units_that_answer():
    matrices = RESPONSES.copy() ** 5  # some features much larger than others
    matrices[0, 1, 2] = 0
    expected = np.array([[naive(matrix) for matrix in row] for row in matrices])
    np.testing.assert_allclose(features_per_neuron(matrices), expected[..., 0])
    np.testing.assert_allclose(monosemantic_share(matrices), expected[..., 1])
    assert 0 < expected[..., 1].mean() < 1


@pytest.mark.parametrize(
    ("matrix", "count", "share"),
    [
        (np.eye(4)[:, [2, 0, 1, 3]], 1, 1),
        (-3 * np.eye(4), 1, 1),
        (np.ones((2, 6)), 6, 0),
        ([[2.0, -0.5], [0.0, 0.0]], 4.25**2 / 16.0625, 0),  # the paper's asymmetric pair
        ([[1.0, 0.2], [0.0, 1.0]], (1.04**2 / 1.0016 + 1) / 2, 1),
    ],
)
def test_known_units(matrix, count, share):
    assert features_per_neuron(matrix) == pytest.approx(count)
    assert monosemantic_share(matrix) == share


def test_the_scale_and_the_sign_of_a_unit_say_nothing_and_a_turn_of_the_code_does():
    scales = np.random.default_rng(1).normal(size=(5, 1))
    np.testing.assert_allclose(
        features_per_neuron(scales * RESPONSES), features_per_neuron(RESPONSES)
    )
    np.testing.assert_array_equal(
        monosemantic_share(scales * RESPONSES), monosemantic_share(RESPONSES)
    )
    turn = random_tight_frames(np.random.default_rng(2), 1, 5, 5)[0]
    assert features_per_neuron(np.eye(5)) == 1
    assert features_per_neuron(turn) > 1.5
    assert features_per_neuron(polygon(5)) > 2  # a pentagon has no neurons


def test_orthogonal_features_turned_at_random_have_a_third_of_m_plus_2_a_unit_or_more():
    turns = random_tight_frames(np.random.default_rng(3), 4000, 5, 5)
    vectors = np.random.default_rng(4).normal(size=(20000, 5))
    expected = ((vectors**2).sum(axis=1) ** 2 / (vectors**4).sum(axis=1)).mean()
    assert features_per_neuron(turns).mean() == pytest.approx(expected, rel=0.02)
    # E[sum u^4] = 3 / (m + 2) of a random unit vector, and 1 / x is convex.
    assert expected > 7 / 3


def test_a_dead_or_diverged_code_has_no_neurons():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for metric in (features_per_neuron, monosemantic_share):
            dead = metric(np.stack([np.zeros((2, 3)), np.full((2, 3), np.nan), np.ones((2, 3))]))
            np.testing.assert_array_equal(np.isnan(dead), [True, True, False])
            assert np.isnan(metric(np.ones((3, 0))))


def test_neurons_and_features_are_counted_feature_by_feature():
    matrices = RESPONSES[0].copy() ** 3
    matrices[1, :, 2] = 0
    for matrix in matrices:
        strongest = [max(abs(r) for r in feature) for feature in matrix.T]
        count = sum(s > 0.3 * max(strongest) for s in strongest)
        assert features_in_neurons(matrix) == count
        assert 0 < count <= matrix.shape[1]
        counted = [feature for feature in matrix.T if max(abs(feature)) > 0.3 * max(strongest)]
        assert neurons_per_feature(matrix) == pytest.approx(naive(counted)[0])


def test_ten_pairs_of_five_neurons_are_ten_features_of_two_neurons_each():
    pairs = np.array([[d in pair for pair in combinations(range(5), 2)] for d in range(5)], float)
    assert neurons_per_feature(pairs) == pytest.approx(2)
    assert features_in_neurons(pairs) == 10
    assert features_per_neuron(pairs) == pytest.approx(4)
