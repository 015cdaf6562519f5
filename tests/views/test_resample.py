import numpy as np
import pytest

from tests.distributions import pair
from toysup.features.independent import Independent
from toysup.views.resample import Resample


@pytest.mark.slow
def test_resampling_keeps_which_features_are_there_and_nothing_of_their_amplitudes():
    features = Independent(feature_probability=0.4)
    a, b = pair(Resample(), features, 10, 20_000)
    np.testing.assert_array_equal(a > 0, b > 0)
    present = a > 0
    assert abs(np.corrcoef(a[present], b[present])[0, 1]) < 0.01
    np.testing.assert_allclose(b[present].mean(), 0.5, rtol=0.01)
