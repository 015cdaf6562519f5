import numpy as np
import pytest

from toysup.metrics.related import collapsed_pairs
from toysup.theory.minima import settle
from toysup.theory.together import pairs_together

PAIRS = 3
PARTNERS = np.kron(np.eye(PAIRS), [[0, 1], [1, 0]]).astype(bool)


def test_the_points_have_the_moments_of_pairs_that_occur_together():
    p, features = 0.3, pairs_together(0.3, 2)
    assert features.weight.sum() == pytest.approx(1)
    second = (features.x * features.weight) @ features.x.T
    together, apart = p / 4, p**2 / 4
    expected = np.array([[p / 3, together, apart, apart], [together, p / 3, apart, apart]])
    np.testing.assert_allclose(second[:2], expected)


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize(("p", "collapsed"), [(0.05, 0), (0.1, 1), (0.17, 2), (0.3, 2), (0.4, 3)])
def test_three_pairs_in_the_plane_collapse_one_by_one_in_minima_of_the_expected_loss(p, collapsed):
    features, importance = pairs_together(p, PAIRS), np.ones(2 * PAIRS)
    rng = np.random.default_rng(0)
    starts = [rng.normal(0, 0.7, (2, 2 * PAIRS)) for _ in range(16)]
    found = [settle(W, np.zeros(2 * PAIRS), features, importance) for W in starts]
    best = min(found, key=lambda solution: solution.loss)
    assert collapsed_pairs(best.W, PARTNERS) == collapsed
