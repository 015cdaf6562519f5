"""`toysup.report`: what a run found, shown by a notebook and by `print`."""

import json

import pandas as pd
import pytest

import toysup
from toysup.errors import ToysupError


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "two"
    mapping = {
        "title": "Three in two",
        "seeds": 3,
        "measure": "directions",
        "model": {"n_features": 5, "d_hidden": 2},
        "train": {"steps": 20, "batch_size": 16},
        "objective": {"mse": {}},
    }
    toysup.sweep(mapping, folder)
    return folder


@pytest.mark.long
def test_it_says_the_same_in_a_notebook_a_terminal_and_as_data(run):
    found = toysup.report(run)
    assert found.answer == found.to_json()["answer"]["headline"]
    assert "## Three in two" in found._repr_markdown_()
    printed = str(found)
    assert printed.startswith("Three in two")
    assert " ".join(found.answer.split()[:5]) in " ".join(printed.split())
    assert "\x1b" not in printed
    assert found.answer in repr(found)
    assert json.dumps(found.to_json(), allow_nan=False)


@pytest.mark.slow
def test_its_verdicts_are_those_of_judge(run):
    pd.testing.assert_frame_equal(
        pd.DataFrame(toysup.report(run).verdicts), pd.DataFrame(toysup.judge(run))
    )


@pytest.mark.slow
def test_it_writes_the_page_and_refuses_a_place_that_is_none_before_the_work(run, tmp_path):
    found = toysup.report(run)
    page = found.write(tmp_path / "page.html")
    assert "Three in two" in page.read_text()
    with pytest.raises(ToysupError, match="missing"):
        found.write(tmp_path / "missing" / "page.html")


def test_a_folder_that_is_no_run_is_a_line(tmp_path):
    with pytest.raises(ToysupError, match="there is no such run"):
        toysup.report(tmp_path / "none")
