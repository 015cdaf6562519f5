import numpy as np
import pytest

from tests.distributions import pair
from toysup.features.independent import Independent
from toysup.views.swap import Swap


@pytest.mark.slow
def test_swap_redraws_its_share_of_the_features():
    a, b = pair(Swap(swap_probability=0.3), Independent(), 9, 200_000)
    np.testing.assert_allclose((a != b).mean(), 0.3, rtol=0.02)
    redrawn = a != b
    assert abs(np.corrcoef(a[redrawn], b[redrawn])[0, 1]) < 0.01


@pytest.mark.long
def test_swapping_everything_leaves_nothing_in_common():
    a, b = pair(Swap(swap_probability=1.0), Independent(), 9, 200_000)
    assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.01
