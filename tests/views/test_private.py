import numpy as np
import pytest

from tests.distributions import pair
from toysup.features.independent import Independent
from toysup.views.private import Private


@pytest.mark.slow
def test_the_first_share_of_the_features_is_common_and_the_rest_is_not():
    a, b = pair(Private(shared_fraction=0.4), Independent(), 10, 20_000)
    np.testing.assert_array_equal(a[:4], b[:4])
    assert abs(np.corrcoef(a[4:].ravel(), b[4:].ravel())[0, 1]) < 0.01
