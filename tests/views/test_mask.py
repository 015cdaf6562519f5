import jax
import numpy as np

from toysup.features.independent import Independent
from toysup.views.mask import Mask


def test_masks_keep_features_of_each_view_independently_with_their_amplitudes():
    a, b = Mask(keep_probability=0.3).pair(
        *jax.random.split(jax.random.key(0)), Independent(), 10, 20_000
    )
    a, b = np.asarray(a), np.asarray(b)
    np.testing.assert_allclose((a > 0).mean(), 0.3, rtol=0.02)
    both = (a > 0) & (b > 0)
    np.testing.assert_allclose(both.mean(), 0.09, rtol=0.03)
    np.testing.assert_array_equal(a[both], b[both])


def test_keeping_everything_is_the_identity():
    a, b = Mask(keep_probability=1.0).pair(
        *jax.random.split(jax.random.key(0)), Independent(), 10, 100
    )
    np.testing.assert_array_equal(a, b)
