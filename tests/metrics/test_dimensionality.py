import numpy as np
import pytest

from toysup.geometry import antipodal_pairs, polygon, simplex
from toysup.metrics.dimensionality import dimensionality, mean_dimensionality


def square_antiprism():
    """Eight corners of norm 1: a square, and one turned by 45 degrees below it, at best height."""
    turn = np.pi / 2 * np.arange(4)
    height = np.sqrt(1 / 3)  # the frame is tight there, and all corners are alike
    rings = [(turn, height), (turn + np.pi / 4, -height)]
    flat = np.sqrt(1 - height**2)
    corners = [[flat * np.cos(a), flat * np.sin(a), np.full(4, z)] for a, z in rings]
    return np.concatenate(corners, axis=1)


@pytest.mark.parametrize(
    ("W", "share"),
    [
        (np.eye(3), 1),
        (simplex(3), 3 / 4),
        (polygon(3), 2 / 3),
        (antipodal_pairs(1), 1 / 2),
        (polygon(5), 2 / 5),
        (square_antiprism(), 3 / 8),
    ],
    ids=["orthogonal", "tetrahedron", "triangle", "digon", "pentagon", "square antiprism"],
)
def test_the_known_shapes(W, share):
    np.testing.assert_allclose(dimensionality(W), share)
    assert mean_dimensionality(5 * W) == pytest.approx(share)


def test_a_feature_that_is_not_there_has_no_dimension():
    assert dimensionality([[1.0, 0.0], [0.0, 0.0]]).tolist() == [1.0, 0.0]


def test_a_weak_feature_in_a_used_direction_has_nearly_none():
    assert dimensionality([[1.0, 1e-4]])[1] == pytest.approx(1e-8)


def test_shapes_in_orthogonal_subspaces_keep_their_dimensionality():
    W = np.zeros((5, 8))
    W[:2, :5], W[2:, 5:] = polygon(5), np.eye(3)
    np.testing.assert_allclose(dimensionality(W), [0.4] * 5 + [1.0] * 3)


def test_the_sum_is_at_most_the_rank():
    rng = np.random.default_rng(0)
    W = rng.standard_normal((200, 4, 9)) * rng.uniform(0, 2, (200, 1, 9))
    W[:100, 3] = 0
    total = dimensionality(W).sum(axis=-1)
    assert (total <= np.linalg.matrix_rank(W) + 1e-9).all()


def test_the_sum_is_the_rank_for_a_tight_frame():
    W = np.linalg.qr(np.random.default_rng(1).standard_normal((9, 4)))[0].T
    assert dimensionality(W).sum() == pytest.approx(4)


def test_the_formula_by_loops():
    W = np.random.default_rng(2).standard_normal((3, 5))
    for i in range(5):
        u = W[:, i] / np.linalg.norm(W[:, i])
        shared = sum((u @ W[:, j]) ** 2 for j in range(5))
        assert dimensionality(W)[i] == pytest.approx(W[:, i] @ W[:, i] / shared)


def test_the_mean_is_over_represented_features():
    W = np.concatenate([np.eye(2), 0.1 * np.ones((2, 3))], axis=1)
    assert mean_dimensionality(W) == pytest.approx(dimensionality(W)[:2].mean())
