import jax
import numpy as np
import pytest

from toysup.features.independent import Independent
from toysup.views.swap import Swap


def pair(swap_probability):
    views, keys = Swap(swap_probability=swap_probability), jax.random.split(jax.random.key(0))
    return map(np.asarray, views.pair(*keys, Independent(), 9, 200_000))


@pytest.mark.slow
def test_swap_redraws_its_share_of_the_features():
    a, b = pair(0.3)
    np.testing.assert_allclose((a != b).mean(), 0.3, rtol=0.02)
    redrawn = a != b
    assert abs(np.corrcoef(a[redrawn], b[redrawn])[0, 1]) < 0.01


@pytest.mark.slow
def test_swapping_everything_leaves_nothing_in_common():
    a, b = pair(1.0)
    assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.01
