"""`toysup show` and `toysup compare` from the command line: what they print, and exit codes."""

import json
from functools import partial

import numpy as np
import pytest

from tests.commands import run
from tests.reports.conftest import made
from toysup.geometry import polygon

PENTAGON = [polygon(5)] * 10
MOVED = {"positive_interference": np.linspace(0.5, 0.6, 10)}


@pytest.fixture
def toysup(monkeypatch, capsys, tmp_path):
    """Runs a command line in a folder with three runs: (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    measured = {"positive_interference": np.linspace(0.1, 0.2, 10)}
    dense = {"feature_probability": 1.0} | measured
    made(tmp_path / "one", (PENTAGON, dense), (PENTAGON, measured))
    made(tmp_path / "moved", (PENTAGON, dense), (PENTAGON, MOVED))
    made(tmp_path / "cone", (PENTAGON, dense), ([np.ones((2, 5))] * 10, measured))

    return partial(run, monkeypatch, capsys)


@pytest.mark.slow
def test_a_model_is_shown_printed_as_json_and_written_as_a_page(toysup, tmp_path):
    code, out, err = toysup("show", "one", "--where", "feature_probability=0.1")
    assert (code, err) == (0, "")
    assert "seed 9, the lowest loss of 10 seeds" in " ".join(out.split())
    words = ("show", "one", "--where", "condition=1", "--seed", 2, "--json", "--html", "m.html")
    code, out, err = toysup(*words)
    assert (code, err) == (0, "Page: m.html\n")
    assert json.loads(out)["seed"] == 2
    assert (tmp_path / "m.html").read_text().startswith("<!doctype html>")


@pytest.mark.slow
def test_several_conditions_are_listed_and_end_with_2_because_none_was_shown(toysup, tmp_path):
    code, out, err = toysup("show", "one", "--html", "m.html")
    assert (code, err) == (2, "")
    assert "2 conditions match. Choose one:" in out
    assert "feature_probability=1.0" in out
    assert not (tmp_path / "m.html").exists()
    code, out, _ = toysup("show", "one", "--json")
    listed = json.loads(out)["conditions"]
    assert (code, [one["where"] for one in listed]) == (
        2,
        ["feature_probability=1.0", "feature_probability=0.1"],
    )
    assert toysup("show", "one", "--where", listed[1]["where"])[0] == 0


@pytest.mark.slow
def test_runs_are_compared_with_the_first_and_end_with_4_where_one_does_not_agree(toysup):
    assert toysup("compare", "one", "one")[0] == 0
    assert toysup("compare", "one", "moved")[0] == 0
    assert toysup("compare", "one", "moved", "--tolerance", "0.1")[0] == 4
    assert toysup("compare", "one", "moved", "--tolerance", "1")[0] == 0
    code, out, err = toysup("compare", "one", "moved", "cone")
    assert (code, err) == (4, "")
    assert "one and moved" in out
    assert "one and cone" in out
    assert "minimising -> collapsed" in out


@pytest.mark.slow
def test_a_comparison_is_json_on_demand_and_a_page(toysup, tmp_path):
    code, out, err = toysup("compare", "one", "cone", "--json", "--html", "c.html")
    assert (code, err) == (4, "Page: c.html\n")
    [found] = json.loads(out)
    assert (found["runs"], found["agrees"]) == (["one", "cone"], False)
    assert (tmp_path / "c.html").read_text().startswith("<!doctype html>")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("show", "none"), 2, "none: there is no such run. Runs there: cone, moved, one.\n"),
        (("compare", "one", "none"), 2, "none: there is no such run. Runs there: cone, moved, "),
        (("compare", "one"), 2, "toysup compare one: name a run to compare it with, too.\n"),
        (("compare", "one", "one", "--tolerance", "-1"), 2, "--tolerance: must be at least 0, fou"),
        (("compare", "one", "one", "--tolerance", "nan"), 2, "--tolerance: must be at least 0, f"),
        (("show", "one", "--where", "p=1"), 2, "one: --where.p is no setting here. There are: co"),
        (("show", "one", "--best", "--seed", "1"), 2, "toysup show: --seed and --best choose two"),
        (("show", "one", "--where", "condition=1", "--seed", "99"), 2, "one: has no seed 99. The"),
    ],
)
def test_a_users_mistake_is_one_line_with_what_would_work(toysup, words, code, message):
    found, out, err = toysup(*words)
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert err.startswith(message)


@pytest.mark.slow
@pytest.mark.parametrize("words", [("show", "one"), ("compare", "moved", "one")])
def test_a_run_of_another_format_is_a_users_mistake_and_one_line(toysup, tmp_path, words):
    path = tmp_path / "one" / "manifest.json"
    path.write_text(path.read_text().replace('"manifest_version": 3', '"manifest_version": 99'))
    code, out, err = toysup(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "it has format 99, and this toysup reads format 3. Upgrade toysup, or train" in err
