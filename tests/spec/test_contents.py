"""What `toysup list sweepfile` and editors say of a sweep file is what its reader declares."""

import copy
import json
import tomllib

import jsonschema
import pytest

from tests.commands import run
from tests.documents import ROOT, write_files
from toysup import registry
from toysup.files import packaged
from toysup.registry import outside
from toysup.spec import claim, contents, small
from toysup.spec.record import STEP
from toysup.spec.tables import (
    CLAIMS,
    CORE_TABLES,
    FAMILIES,
    RECORD,
    SMALL,
    TOP_KEYS,
    names_of,
    takes,
)

SCHEMA = ROOT / "docs" / "sweep.schema.json"
NAMED = [f"{family}.{name}" for family in FAMILIES for name in names_of(family)]
GOOD = {
    "title": "T",
    "seeds": [0, 3],
    "model": {"n_features": 5, "d_hidden": [1, 2]},
    "train": {"steps": {"range": [10, 20, 5]}, "learning_rate": {"logspace": [0.1, 0.01, 3]}},
    "features": {"independent": {"feature_probability": {"linspace": [0, 1, 3]}}},
    "views": {"mask": {}},
    "encoder": {"linear": {}},
    "objective": {
        "mse": {"tied": [True, False]},
        "infonce": {"similarity": ["cosine", "dot"], "train": {"schedule": "linear"}},
    },
    "claims": [
        {
            "name": "a",
            "says": "So it is.",
            "predicted": "none",
            "rows": {"objective": ["mse"], "steps": {"max": 15}, "tied": True},
            "verdict": "even",
        }
    ],
    "record": {"steps": [0, 10]},
    "small": {"set": ["seeds=2"]},
}
CLAIM = (CLAIMS, 0)
WRONG = {
    "a key": (("steps",), 5),
    "a key of a table": (("train", "stepz"), 5),
    "a plug-in": (("objective", "mze"), {}),
    "a key of a plug-in": (("objective", "infonce", "temprature"), 1),
    "a key of a claim": ((*CLAIM, "bellow"), 1),
    "a key of [small]": (("small", "sets"), []),
    "a text for a number": (("train", "steps"), "many"),
    "a fraction for a whole number": (("train", "steps"), 1.5),
    "a number for a switch": (("objective", "mse", "tied"), 1),
    "a word that is no choice": (("train", "schedule"), "cosin"),
    "a word in a list that is no choice": (("train", "schedule"), ["cosin"]),
    "a number below its range": (("model", "d_hidden"), 0),
    "a number above its range": (("features", "independent", "feature_probability"), 1.5),
    "a number at an open end": (("features", "independent", "feature_probability"), 0),
    "a number in a list out of range": (("model", "d_hidden"), [1, 0]),
    "an empty list": (("model", "d_hidden"), []),
    "a value twice": (("model", "d_hidden"), [1, 1]),
    "no seeds": (("seeds",), 0),
    "a seed below 0": (("seeds",), [-1]),
    "what makes no values": (("train", "steps"), {"rang": [1, 2]}),
    "two that make values": (("train", "steps"), {"range": [1, 2], "linspace": [1, 2, 2]}),
    "a linspace without a count": (("train", "steps"), {"linspace": [1, 2]}),
    "a word for a table": (("objective",), "mse"),
    "no objective": (("objective",), {}),
    "a picture": (("pictures",), ["nothing-like-it"]),
    "a verdict": ((*CLAIM, "verdict"), "evenly"),
    "two rules": ((*CLAIM, "metric"), "loss"),
    "a range of a claim": ((*CLAIM, "rows", "steps"), {"most": 3}),
}


def changed(path, value):
    """The good sweep with one value at a path."""
    mapping = copy.deepcopy(GOOD)
    *names, last = path
    table = mapping
    for name in names:
        table = table[name]
    table[last] = value
    return mapping


@pytest.fixture(scope="module")
def validator():
    """Checks a mapping as an editor does."""
    schema = contents.schema()
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def listed():
    return {table.path: [key.name for key in table.keys] for table in contents.tables()}


def test_every_table_and_key_that_a_sweep_file_may_have_is_listed():
    tables = listed()
    assert set(tables) == {"", *CORE_TABLES, *NAMED, contents.OWN_TRAIN, RECORD, CLAIMS, SMALL}
    assert {*tables[""], *CORE_TABLES, *FAMILIES, RECORD, CLAIMS, SMALL} == set(TOP_KEYS)
    for table in (*CORE_TABLES, *NAMED):
        assert tables[table] == list(takes(table))
    assert tables[contents.OWN_TRAIN] == tables["train"]
    assert tables[RECORD] == [STEP.name]
    assert tables[CLAIMS] == list(claim.KEYS)
    assert tables[SMALL] == list(small.KEYS)


def test_every_setting_is_listed_with_its_default_and_as_an_axis():
    for table in contents.tables():
        if table.path in (*CORE_TABLES, *NAMED):
            for key, setting in zip(table.keys, takes(table.path).values(), strict=True):
                assert (key.default, key.doc, key.axis) == (setting.default, setting.doc, True)
    axes = {(table.path, key.name) for table in contents.tables() for key in table.keys if key.axis}
    assert ("", "seeds") in axes
    assert not {("", "title"), (RECORD, "steps"), (CLAIMS, "above")} & axes


def test_no_key_is_without_a_meaning():
    for table in contents.tables():
        assert all(key.doc and key.shape.allowed for key in table.keys)


def test_a_plug_in_of_the_users_is_listed_and_in_the_schema(tmp_path):
    write_files(ROOT / "docs" / "plugins.md", tmp_path)
    try:
        registry.use([outside.read(tmp_path / "cosine.py")])
        [table] = [table for table in contents.tables() if table.path == "objective.cosine"]
        assert table.origin == str(tmp_path / "cosine.py")
        assert [key.name for key in table.keys] == list(takes("objective.cosine"))
        assert "cosine" in contents.schema()["properties"]["objective"]["properties"]
    finally:
        registry.use([])
    assert "objective.cosine" not in listed()


def test_the_schema_beside_the_documents_is_the_one_of_the_declarations():
    written = json.loads(SCHEMA.read_text())
    assert written == contents.schema(), "the schema is old: make schema"


def test_a_sweep_with_everything_is_valid(validator):
    assert [error.message for error in validator.iter_errors(GOOD)] == []


@pytest.mark.parametrize("name", packaged.sweeps())
def test_every_packaged_sweep_is_valid(validator, name):
    mapping = tomllib.loads(packaged.sweeps()[name].read_text())
    assert [error.message for error in validator.iter_errors(mapping)] == []


def test_every_sweep_of_the_document_is_valid(validator, tmp_path):
    files = write_files(ROOT / "docs" / "sweeps.md", tmp_path)
    for file in files:
        assert [e.message for e in validator.iter_errors(tomllib.loads(file.read_text()))] == []


@pytest.mark.parametrize(("path", "value"), WRONG.values(), ids=WRONG)
def test_a_wrong_key_type_or_value_is_not(validator, path, value):
    assert not validator.is_valid(changed(path, value))


def test_an_editor_says_which_limit_a_number_is_over(validator):
    [error] = validator.iter_errors(changed(("model", "d_hidden"), 0))
    assert (list(error.path), error.message) == (
        ["model", "d_hidden"],
        "0 is less than the minimum of 1",
    )


@pytest.mark.slow
def test_the_command_prints_every_table_in_eighty_columns(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = run(monkeypatch, capsys, "list", "sweepfile")
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    words = " ".join(out.split())
    assert "[objective.infonce] " in words
    assert "temperature = 0.5 divides the similarities" in words
    assert "(number at least 0.01, axis)" in words
    assert "[[claims]] " in words


def test_the_command_prints_json_and_the_schema(monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, "list", "sweepfile", "--json")
    assert code == 0
    tables = {table["name"]: table for table in json.loads(out)["sweepfile"]}
    [steps] = [key for key in tables["[train]"]["settings"] if key["name"] == "steps"]
    assert steps == {
        "name": "steps",
        "default": 5000,
        "doc": "optimiser steps",
        "required": False,
        "axis": True,
        "type": "whole number",
        "range": "in [1, 10000000]",
        "allowed": "whole number in [1, 10000000]",
    }
    code, out, _ = run(monkeypatch, capsys, "list", "sweepfile", "--schema")
    assert (code, json.loads(out)) == (0, contents.schema())


def test_a_schema_of_anything_else_is_refused_in_a_line(monkeypatch, capsys):
    assert run(monkeypatch, capsys, "list", "views", "--schema") == (
        2,
        "",
        "toysup list: --schema is of a sweep file: toysup list sweepfile --schema.\n",
    )
