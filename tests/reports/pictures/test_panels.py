import numpy as np

from tests.reports.pictures.trained import findings_of
from toysup.geometry import polygon
from toysup.reports.pictures._panels import groups, panels, table

ONE = [polygon(5)]


def test_columns_go_from_dense_to_sparse_and_lines_name_what_else_differs():
    found = findings_of(
        "feature_probability",
        ["feature_probability", "tied", "temperature"],
        (ONE, {"feature_probability": 0.1, "tied": True, "temperature": 0.5}),
        (ONE, {"feature_probability": 1.0, "tied": True, "temperature": 0.5}),
        (ONE, {"feature_probability": 0.1, "tied": True, "objective": "linear_mse"}),
    )
    shown = panels(found.rows, found.settings, found.axis)
    assert table(shown) == (["mse", "linear_mse"], ["p = 1", "p = 0.1"])
    assert [p.best["condition"] for p in shown] == [1, 0, 2]


def test_a_panel_has_all_of_its_restarts_and_knows_the_best():
    W = [polygon(5), 2 * polygon(5)]
    found = findings_of(
        "feature_probability",
        ["feature_probability"],
        (W, {"feature_probability": 1.0, "loss": [0.1, 0.3]}),
        (W, {"feature_probability": 0.1, "loss": [0.3, 0.1]}),
    )
    dense, sparse = panels(found.rows, found.settings, found.axis)
    np.testing.assert_allclose(dense.W, polygon(5))
    np.testing.assert_allclose(sparse.W, 2 * polygon(5))
    assert len(dense.rows) == len(sparse.rows) == 2


def test_groups_are_those_of_the_world_and_none_where_it_has_none():
    assert groups({"group_size": 2.0, "n_features": 5}).tolist() == [0, 0, 1, 1, 2]
    assert groups({"group_size": np.nan, "n_features": 5}) is None
    assert groups({"n_features": 5}) is None
