import jax
import numpy as np

from toysup.features.independent import Independent
from toysup.views.swap import Swap


def pair(swap_probability):
    views = Swap(swap_probability=swap_probability)
    return map(np.asarray, views.pair(jax.random.key(0), Independent(), 9, 20_000))


def test_swap_redraws_its_share_of_the_features():
    a, b = map(
        np.asarray, Swap(swap_probability=0.3).pair(jax.random.key(0), Independent(), 9, 20_000)
    )
    np.testing.assert_allclose((a != b).mean(), 0.3, rtol=0.02)
    redrawn = a != b
    assert abs(np.corrcoef(a[redrawn], b[redrawn])[0, 1]) < 0.01


def test_swapping_everything_leaves_nothing_in_common():
    a, b = map(
        np.asarray, Swap(swap_probability=1.0).pair(jax.random.key(0), Independent(), 9, 20_000)
    )
    assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.01
