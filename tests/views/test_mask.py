import numpy as np
import pytest

from tests.distributions import pair
from toysup.errors import SpecError
from toysup.features.independent import Independent
from toysup.spec import parse
from toysup.views.mask import Mask


@pytest.mark.slow
def test_masks_keep_features_of_each_view_independently_with_their_amplitudes():
    a, b = pair(Mask(keep_probability=0.3), Independent(), 10, 20_000)
    np.testing.assert_allclose((a > 0).mean(), 0.3, rtol=0.02)
    both = (a > 0) & (b > 0)
    np.testing.assert_allclose(both.mean(), 0.09, rtol=0.03)
    np.testing.assert_array_equal(a[both], b[both])


@pytest.mark.slow
def test_the_last_feature_is_kept_less_often_and_the_others_as_they_were():
    with_last, without = (
        np.stack(pair(Mask(0.8, relative_keep_probability=r), Independent(), 4, 20_000))
        for r in (0.25, 1.0)
    )
    np.testing.assert_array_equal(with_last[:, :-1], without[:, :-1])
    np.testing.assert_allclose((with_last[:, -1] > 0).mean(), 0.2, rtol=0.03)


@pytest.mark.parametrize("outside", [0.0, -0.5, 1.1])
def test_a_relative_keep_probability_outside_0_to_1_is_refused(outside):
    sweep = {
        "objective": {"infonce": {}},
        "views": {"mask": {"relative_keep_probability": outside}},
    }
    with pytest.raises(SpecError, match=r"relative_keep_probability must be in \(0, 1\]"):
        parse(sweep, "q", "q.toml")


@pytest.mark.slow
def test_keeping_everything_is_the_identity():
    a, b = pair(Mask(keep_probability=1.0), Independent(), 10, 100)
    np.testing.assert_array_equal(a, b)
