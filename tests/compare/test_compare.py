"""Two runs are held beside each other: verdicts, numbers, rows and what they were made from."""

import json

import numpy as np
import pytest

from tests.reports.conftest import made
from toysup.compare import Run, compare
from toysup.errors import DamagedError
from toysup.geometry import polygon
from toysup.storage.manifest import sealed
from toysup.storage.store import Store

PENTAGON, CONE = [polygon(5)] * 10, [np.ones((2, 5))] * 10
P = np.linspace(0.1, 0.2, 10)
DENSE, SPARSE = {"feature_probability": 1.0}, {"feature_probability": 0.1}


def run(folder, *conditions):
    measured = {"positive_interference": P, "minimisation_index": 1 - P}
    return Run(made(folder, *((group, measured | case) for group, case in conditions)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("compared")


@pytest.fixture(scope="module")
def first(folder):
    return run(folder / "first", (PENTAGON, DENSE), (PENTAGON, SPARSE))


@pytest.mark.slow
def test_a_run_is_the_same_as_itself(first):
    found = compare(first, first, tolerance=0)
    assert (found.same_rows, found.identical, found.agrees) == (True, True, True)
    assert (found.settings, found.made_with, found.only) == ((), (), ((), ()))
    assert [one.differences["loss"].value for one in found.shared] == [0, 0]


@pytest.mark.slow
def test_another_verdict_does_not_agree(first, folder):
    found = compare(first, run(folder / "cone", (PENTAGON, DENSE), (CONE, SPARSE)))
    assert [one.same_verdict for one in found.shared] == [True, False]
    assert [one.identical for one in found.shared] == [True, False]
    assert [str(label) for label in found.shared[1].labels] == ["minimising", "collapsed"]
    assert not found.agrees


@pytest.mark.slow
def test_a_difference_above_the_tolerance_does_not_agree(first, folder):
    moved = {"positive_interference": P + 0.01}
    other = run(folder / "moved", (PENTAGON, DENSE), (PENTAGON, SPARSE | moved))
    assert compare(first, other).agrees
    assert compare(first, other, tolerance=0.02).agrees
    strict = compare(first, other, tolerance=0.005)
    assert [one.over for one in strict.shared] == [(), ("positive_interference",)]
    assert not strict.agrees
    moved = strict.shared[1].differences["positive_interference"]
    assert moved.value == pytest.approx(0.01)
    assert moved.size == pytest.approx(0.01 / P.std(ddof=1))


def test_a_grown_run_has_conditions_and_seeds_of_its_own_and_the_same_rows_where_both_have_them(
    first, folder
):
    small = run(folder / "small", (PENTAGON, SPARSE))
    found = compare(small, first)
    assert [one.conditions for one in found.shared] == [(0, 1)]
    assert found.only == ((), ({"objective": "mse", "feature_probability": 1.0},))
    assert found.identical
    assert not found.same_rows


def test_runs_that_share_no_condition_do_not_agree(first, folder):
    other = run(folder / "other", (PENTAGON, DENSE | {"objective": "infonce", "views": "mask"}))
    found = compare(first, other)
    assert found.shared == ()
    assert not found.agrees
    assert not found.same_rows


def changed(store, folder, **manifest):
    """A copy of a run whose manifest says something else; results are signed for it again."""
    copy = Store(folder)
    content = json.loads(store.manifest_path.read_text())
    for path, value in manifest.items():
        *names, last = path.split("__")
        inner = content
        for name in names:
            inner = inner[name]
        inner[last] = value
    folder.mkdir()
    copy.manifest_path.write_bytes(sealed(content))
    table = store.results()
    copy.publish_tables(table.schema, [table])
    return copy


@pytest.mark.slow
def test_seeds_are_paired_only_under_the_same_seed_of_the_sweep(first, folder):
    other = Run(changed(first.store, folder / "seed", plan__sweep__seed=1))
    found = compare(first, other)
    assert found.settings == ("seed: 0 -> 1",)
    assert {one.differences["loss"].how for one in found.shared} == {"Welch"}
    again = compare(first, first)
    assert {one.differences["loss"].how for one in again.shared} == {"paired"}


@pytest.mark.slow
def test_settings_versions_code_and_data_that_differ_are_told(first, folder):
    other = changed(
        first.store,
        folder / "made_with",
        plan__sweep__train={"steps": [900]},
        versions={"toysup": "0", "python": "3", "jax": "1", "platform": "Darwin arm64"},
        sources={f"{letter}.py": "0" for letter in "abcd"},
        data={"mine.csv": "0"},
    )
    found = compare(first, Run(other))
    assert "train.steps: 100 -> 900" in found.settings
    assert found.made_with == (
        "toysup's code: a.py, b.py, c.py and 1 more",
        "jax: 0 -> 1",
        "platform: none -> Darwin arm64",
        "data file mine.csv: differs",
    )


@pytest.mark.slow
def test_a_manifest_whose_sweep_is_none_is_damaged(first, folder):
    bad = changed(first.store, folder / "bad", plan__sweep__claims=[{"expected": "supported"}])
    with pytest.raises(DamagedError, match="is damaged"):
        compare(first, Run(bad))


@pytest.mark.slow
def test_a_comparison_is_plain_json(first, folder):
    found = compare(first, run(folder / "json", (PENTAGON, DENSE)), tolerance=0.1).to_json()
    told = json.loads(json.dumps(found, allow_nan=False))
    assert told["shared"][0]["labels"] == ["minimising", "minimising"]
    assert told["shared"][0]["same_verdict"] is True
    assert (told["agrees"], told["same_rows"], told["tolerance"]) == (True, False, 0.1)
