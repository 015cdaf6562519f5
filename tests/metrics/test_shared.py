import numpy as np
import pytest

from toysup.geometry import antipodal_pairs, polygon, random_directions
from toysup.metrics.shared import sharing_fraction


@pytest.mark.parametrize("code", [antipodal_pairs(3), polygon(5), polygon(20), np.eye(4)])
def test_features_share_nothing_until_they_are_doubled(code):
    assert sharing_fraction(code) == 0
    assert sharing_fraction(np.concatenate([code, 2 * code], axis=1)) == 1


def test_it_counts_features_with_a_partner_one_by_one():
    W = random_directions(np.random.default_rng(0), 50, 3, 12)
    W[:, :, 1] = W[:, :, 0] + 0.1 * W[:, :, 1]
    for one in W:
        U = one / np.linalg.norm(one, axis=0)
        close = [any(U[:, i] @ U[:, j] > 0.95 for j in range(12) if j != i) for i in range(12)]
        assert sharing_fraction(one) == pytest.approx(sum(close) / 12)
    assert sharing_fraction(W).shape == (50,)


def test_features_that_are_not_represented_and_opposite_ones_do_not_count():
    assert sharing_fraction(np.array([[1.0, -1.0, 0.2], [0.0, 0.0, 0.0]])) == 0
    assert np.isnan(sharing_fraction(np.array([[1.0, 0.2], [0.0, 0.0]])))
    assert np.isnan(sharing_fraction(np.full((2, 3), np.nan)))
