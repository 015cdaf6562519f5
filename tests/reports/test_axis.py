"""A report runs along sparsity where it varies, and along what varies most elsewhere."""

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from toysup.geometry import polygon
from toysup.reports import terminal
from toysup.reports.axis import axis_of
from toysup.reports.findings import gather


def verdicts(*settings, objectives=()):
    named = [*objectives, *["mse"] * (len(settings) - len(objectives))]
    return [
        SimpleNamespace(condition=i, settings=s, objective=named[i]) for i, s in enumerate(settings)
    ]


def test_p_is_the_axis_where_it_varies_from_dense_to_sparse():
    ps = [{"feature_probability": p, "beta": b} for p in (0.1, 1.0) for b in (1.0, 2.0, 3.0)]
    axis = axis_of(verdicts(*ps), {})
    assert (axis.label, axis.values, axis.logarithmic) == ("p", (1.0, 0.1), True)
    assert axis.ends == "Dense on the left, sparse on the right."


def test_elsewhere_the_number_with_most_values_is_the_axis_upwards():
    found = [
        {"feature_probability": 0.1, "cooccurrence": c, "temperature": t, "schedule": "cosine"}
        for c in (1.0, 0.0, 0.5)
        for t in (0.1, 0.5)
    ]
    axis = axis_of(verdicts(*found), {})
    assert (axis.name, axis.values, axis.logarithmic) == ("cooccurrence", (0.0, 0.5, 1.0), False)
    assert axis.title == "cooccurrence"


def test_a_setting_that_some_conditions_lack_is_no_axis():
    found = [{"feature_probability": 0.1, "beta": b} for b in (1.0, 2.0)] + [
        {"feature_probability": 0.1}
    ]
    assert axis_of(verdicts(*found), {0: 0.1, 1: 0.1, 2: 0.1}).name == "feature_probability"


def test_what_varies_only_between_objectives_is_no_axis():
    found = [{"feature_probability": 0.1, "steps": steps} for steps in (2500, 5000, 5000)]
    shown = verdicts(*found, objectives=("mse", "infonce", "infonce"))
    assert axis_of(shown, {}).name == "feature_probability"
    assert axis_of(verdicts(*found), {}).name == "steps"


def test_a_world_without_p_is_placed_by_the_density_that_was_measured():
    axis = axis_of(verdicts({"d_hidden": 5}, {"d_hidden": 5}), {0: 0.5, 1: 0.25})
    assert (axis.label, axis.values) == ("effective density", (0.5, 0.25))


@pytest.fixture(scope="module")
def by_temperature(make_run, tmp_path_factory):
    contrastive = {"objective": "infonce", "views": "mask"}
    conditions = [([polygon(5)] * 3, contrastive | {"temperature": t}) for t in (0.5, 0.1, 0.02)]
    return gather(make_run(tmp_path_factory.mktemp("runs") / "warm", *conditions))


@pytest.mark.slow
def test_the_terminal_names_the_axis(by_temperature):
    out = Console(width=100, file=io.StringIO(), record=True)
    terminal.show(by_temperature, out)
    text = " ".join(out.export_text().split())
    assert "Across temperature" in text
    assert "From low temperature on the left to high on the right." in text


def test_the_points_of_a_line_are_in_the_order_of_the_axis(by_temperature):
    (line,) = by_temperature.lines
    assert [point.x for point in line.points] == [0.02, 0.1, 0.5]
    assert "temperature" not in line.name
