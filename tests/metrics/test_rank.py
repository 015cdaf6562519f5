import numpy as np
import pytest

from toysup.geometry import antipodal_pairs, polygon, random_tight_frames
from toysup.metrics.rank import effective_rank, n_active, tightness


def test_the_formulas_by_eigenvalues():
    W = np.random.default_rng(0).standard_normal((4, 9))
    spectrum = np.linalg.svd(W / np.linalg.norm(W, axis=0), compute_uv=False) ** 2
    found = effective_rank(W, threshold=0)
    assert found == pytest.approx(spectrum.sum() ** 2 / (spectrum**2).sum())
    spectrum = np.linalg.svd(W, compute_uv=False) ** 2
    assert tightness(W) == pytest.approx(spectrum.sum() ** 2 / (4 * (spectrum**2).sum()))


@pytest.mark.parametrize(
    ("W", "rank"),
    [(np.eye(5), 5), (np.eye(5)[:, :3], 3), (antipodal_pairs(4), 4), (np.ones((5, 20)), 1)],
)
def test_the_rank_of_known_arrangements(W, rank):
    assert effective_rank(W) == pytest.approx(rank)


def test_the_rank_looks_at_directions_of_represented_features_alone():
    W = np.concatenate([[[1.0, 0.5], [0.0, 0.0], [0.0, 0.0]], 0.1 * np.eye(3)], axis=1)
    assert effective_rank(W) == pytest.approx(1)


def test_whitened_codes_are_tight_whatever_their_norms():
    frames = random_tight_frames(np.random.default_rng(1), 50, 4, 9)
    np.testing.assert_allclose(tightness(frames), 1)
    assert tightness(polygon(7)) == pytest.approx(1)


def test_one_line_is_as_far_from_tight_as_can_be():
    assert tightness(np.ones((5, 3))) == pytest.approx(1 / 5)


def test_a_dimension_is_in_use_when_any_feature_has_a_weight_in_it_that_is_not_negligible():
    W = np.zeros((2, 4, 3))
    W[0, 1, 2], W[0, 2, 0], W[0, 3] = 1e-3, 1e-5, [1.0, -1.0, 0.0]
    assert n_active(W).tolist() == [2, 0]
    assert n_active(1e-30 * W).tolist() == [2, 0]
    assert n_active(np.ones((5, 20))) == 5
