import numpy as np
import pytest

from tests.reports.pictures.trained import findings_of
from toysup.geometry import antipodal_pairs
from toysup.reports.pictures import gram
from toysup.reports.pictures._panels import panels

PAIRS = np.column_stack([antipodal_pairs(2), [0, 0]])


def found():
    return findings_of(
        "feature_probability",
        ["feature_probability"],
        ([0.9 * np.eye(2, 5)], {"feature_probability": 1.0}),
        ([2 * np.eye(2, 5), PAIRS], {"feature_probability": 0.1, "group_size": 2.0}),
    )


def test_a_stack_is_the_gram_matrix_the_norms_and_the_interference_of_the_best():
    data = found()
    dense, sparse = panels(data.rows, data.settings, data.axis)
    G, a, other = gram.stack(dense)
    np.testing.assert_allclose(G, np.diag([0.81, 0.81, 0, 0, 0]))
    np.testing.assert_allclose(a, [0.9, 0.9, 0, 0, 0])
    np.testing.assert_allclose(other, 0)
    G, a, other = gram.stack(sparse)
    np.testing.assert_allclose(a, [1, 1, 1, 1, 0], atol=1e-12)
    np.testing.assert_allclose(other, [1, 1, 1, 1, 0], atol=1e-12)
    assert sorted(np.round(G[0], 6)) == [-1, 0, 0, 0, 1]
    assert gram.ends_of_groups(sparse).tolist() == [1.5, 3.5]
    assert not len(gram.ends_of_groups(dense))


@pytest.mark.slow
def test_each_condition_has_a_heat_map_over_its_bars():
    heats = gram.Gram().draw(found()).axes
    assert [len(axis.images) for axis in heats[:4]] == [1, 1, 0, 0]
    heights = [[round(bar.get_height(), 6) for bar in axis.patches] for axis in heats[2:4]]
    assert heights == [[0.9, 0.9, 0, 0, 0], [1, 1, 1, 1, 0]]
