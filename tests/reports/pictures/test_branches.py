import numpy as np
import pandas as pd
import pytest

from tests.reports.pictures.trained import findings_of
from toysup.geometry import antipodal_pairs, polygon
from toysup.reports.pictures import _crossing, branches

PAIRS = np.column_stack([antipodal_pairs(2), [0, 0]])
ALIKE = {"feature_probability": 0.05, "relative_density": 1.0}
ALIKE |= {"importance_decay": 1.0, "relative_importance": 1.0}


def test_the_varied_feature_is_the_last_one_and_is_present_at_most_always():
    row = pd.Series({**ALIKE, "n_features": 3, "importance_decay": 0.5})
    p, importance = _crossing.feature_parameters(
        row, relative_density=30.0, relative_importance=8.0
    )
    np.testing.assert_allclose(p, [0.05, 0.05, 1.0])
    np.testing.assert_allclose(importance, [1, 0.5, 2])


def test_restarts_are_told_apart_by_what_they_represent_and_have_the_losses_of_one_world():
    varied = (0.2, 1.0)
    rows = findings_of(
        "relative_density",
        ["relative_density"],
        *(([polygon(5), PAIRS], ALIKE | {"relative_density": x}) for x in varied),
    ).rows
    found = _crossing.restarts(rows, "relative_density")
    assert found["kept"].tolist() == [5, 4, 5, 4]
    assert found["x"].tolist() == [0.2, 0.2, 1.0, 1.0]
    # What is not represented is lost, p/3, a fifth of it in the mean over features.
    lost = found["loss"][3] - found["loss"][1]
    assert lost == pytest.approx(0.8 * 0.05 / 3 / 5, rel=1e-3)
    assert [kind for kind, _ in branches.kinds(found)] == [5, 4]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("along", "cross"), [("relative_density", 0.267), ("relative_importance", 0.365)]
)
def test_the_pentagon_loses_to_antipodal_pairs_where_one_feature_counts_little(along, cross):
    x = np.geomspace(0.1, 1.0, 16)
    losses = _crossing.theory(pd.Series({**ALIKE, "n_features": 5}), along, x)
    pentagon, pairs = losses[5], losses[4]
    assert _crossing.crossing(x, losses) == pytest.approx(cross, abs=0.02)
    assert pairs[-1] > 1.5 * pentagon[-1]  # both are there where all features are alike
    assert np.isnan(pentagon[0])  # and there is no pentagon far from it
    assert np.isfinite(pairs).all()


@pytest.mark.slow
def test_the_figure_has_a_diagram_for_each_value_and_the_two_branches():
    values = (0.1, 0.5, 1.0)
    found = findings_of(
        "relative_importance",
        ["relative_importance"],
        *(([PAIRS, polygon(5)], ALIKE | {"relative_importance": x}) for x in values),
    )
    figure = branches.Branches().draw(found)
    assert [axis.get_title() for axis in figure.axes[:3]] == ["0.1", "0.5", "1"]
    left, right = figure.axes[3:]
    assert left.get_xlabel() == right.get_xlabel() == "relative importance"
    assert [t.get_text() for t in right.get_legend().get_texts()] == list(branches.KINDS.values())
