import numpy as np
import pytest

from toysup.geometry import antipodal_pairs, polygon
from toysup.metrics.norms import dimensions_per_feature, norms


def test_norms_are_euclidean():
    assert norms([[3.0, 0.0, -1.0], [-4.0, 0.0, 0.0]]).tolist() == [5.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("W", "share"), [(np.eye(3), 1), (antipodal_pairs(3), 1 / 2), (polygon(5), 2 / 5)]
)
def test_dimensions_per_feature_of_unit_codes(W, share):
    assert dimensions_per_feature(W) == pytest.approx(share)


def test_dimensions_per_feature_falls_with_the_square_of_the_scale():
    assert dimensions_per_feature(2 * polygon(5)) == pytest.approx(0.1)
