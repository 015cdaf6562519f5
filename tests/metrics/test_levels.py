import numpy as np
import pytest

from tests.metrics.test_dimensionality import square_antiprism
from toysup.geometry import antipodal_pairs, polygon, random_tight_frames, simplex
from toysup.metrics.levels import LEVELS, antipodal_fraction, near_energy_level

SHAPES = {
    1: np.eye(2),
    3 / 4: simplex(3),
    2 / 3: polygon(3),
    1 / 2: antipodal_pairs(1),
    2 / 5: polygon(5),
    3 / 8: square_antiprism(),
}


def side_by_side(*shapes):
    """Shapes in orthogonal subspaces."""
    W = np.zeros(np.sum([shape.shape for shape in shapes], axis=0))
    row = column = 0
    for shape in shapes:
        W[row : row + shape.shape[0], column : column + shape.shape[1]] = shape
        row, column = row + shape.shape[0], column + shape.shape[1]
    return W


def test_the_levels_are_those_of_the_shapes():
    assert list(SHAPES) == list(LEVELS)
    for shape in SHAPES.values():
        assert near_energy_level(shape) == 1
    assert near_energy_level(side_by_side(*SHAPES.values())) == 1


def test_hexagons_and_features_that_are_not_there_do_not_count():
    hexagons = side_by_side(polygon(6), np.eye(2), np.zeros((1, 9)))
    assert near_energy_level(hexagons) == pytest.approx(2 / 8)


def test_both_by_loops():
    rng = np.random.default_rng(0)
    W = side_by_side(rng.standard_normal((2, 4)), polygon(5), antipodal_pairs(2)) + 0.01
    n, a = W.shape[1], np.linalg.norm(W, axis=0)
    kept = [i for i in range(n) if a[i] > 0.3 * a.max()]
    D = {i: a[i] ** 4 / sum((W[:, i] @ W[:, j]) ** 2 for j in range(n)) for i in kept}
    near = sum(any(abs(D[i] - level) <= 0.02 for level in LEVELS) for i in kept)
    opposite = sum(any(W[:, i] @ W[:, j] < -0.95 * a[i] * a[j] for j in kept) for i in kept)
    assert near_energy_level(W) == pytest.approx(near / len(kept))
    assert antipodal_fraction(W) == pytest.approx(opposite / len(kept))
    assert 0 < near < len(kept)


def test_a_random_tight_frame_is_near_a_level_by_chance_alone():
    """The chance that the docstring names; with equal norms the mean decides, and it is a level."""
    frames = {r: random_tight_frames(np.random.default_rng(r), 50, 30, r) for r in (40, 60, 80)}
    shares = [near_energy_level(W, threshold=0).mean() for W in frames.values()]
    assert np.mean(shares) == pytest.approx(0.33, abs=0.03)


@pytest.mark.slow
def test_an_even_spread_has_the_level_of_digons_and_no_antipode():
    W = random_tight_frames(np.random.default_rng(1), 20, 30, 60)
    for _ in range(200):  # to a tight frame of equal norms, by turns
        W = W / np.linalg.norm(W, axis=-2, keepdims=True)
        left, _, right = np.linalg.svd(W, full_matrices=False)
        W = left @ right
    np.testing.assert_array_equal(near_energy_level(W), 1)
    np.testing.assert_array_equal(antipodal_fraction(W), 0)


def test_opposites_are_counted_among_represented_features():
    assert antipodal_fraction(antipodal_pairs(4)) == 1
    assert antipodal_fraction(side_by_side(antipodal_pairs(2), np.eye(4))) == pytest.approx(0.5)
    assert antipodal_fraction([[1.0, -0.1, 0.0], [0.0, 0.0, 1.0]]) == 0
    assert np.isnan(antipodal_fraction([[1.0, 0.1]]))
