import jax
import numpy as np
import pytest

from toysup.features.independent import Independent
from toysup.views.identity import Identity


@pytest.mark.slow
def test_identity_views_are_equal():
    anchors, positives = Identity().pair(*jax.random.split(jax.random.key(0)), Independent(), 5, 32)
    np.testing.assert_array_equal(anchors, positives)
