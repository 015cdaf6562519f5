import numpy as np
import pytest

from tests.distributions import pair
from toysup.features.independent import Independent
from toysup.views.noise import Noise


@pytest.mark.slow
def test_noise_has_its_scale_on_both_views_and_is_drawn_for_each():
    a, b = pair(Noise(noise_scale=0.2), Independent(), 9, 20_000)
    np.testing.assert_allclose((a - b).std(), 0.2 * 2**0.5, rtol=0.02)
    np.testing.assert_allclose((a - b).mean(), 0, atol=0.003)


@pytest.mark.slow
def test_no_noise_is_the_identity():
    a, b = pair(Noise(noise_scale=0.0), Independent(), 9, 100)
    np.testing.assert_array_equal(a, b)
