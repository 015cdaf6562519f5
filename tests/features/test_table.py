"""Rows of a file: what is drawn of it, and what cannot be used."""

import hashlib
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests import distributions
from toysup import registry
from toysup.__main__ import main
from toysup.engine import local as engine
from toysup.errors import SpecError, ToysupError
from toysup.features import _tablefile, _tableread
from toysup.features import table as tables
from toysup.features.table import Table
from toysup.files import data
from toysup.spec import parse, read

pytestmark = pytest.mark.slow

# The pixels as float64, row by row: what `sklearn.datasets.load_digits().data` of 1.9.1 has.
DIGITS = "20def7f70a702f0af9732fbba4375e147a7d54fe70d8c45569b8e7c1c7010c10"
ROWS = 80
KINDS = ("parquet", "csv", "csv.gz")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data.start_at(tmp_path)
    return tmp_path


def counts(rows=ROWS, features=3, seed=0):
    """Sparse counts, with a column that never occurs as the last."""
    values = np.random.default_rng(seed).poisson(1.0, (rows, features))
    values[:, -1] = 0
    return values


def write(values, name="data.parquet"):
    """A file of these columns (an array's are named a, b, ...) in the current folder."""
    if not isinstance(values, pd.DataFrame):
        values = pd.DataFrame(values, columns=[chr(ord("a") + i) for i in range(values.shape[1])])
    if name.endswith(".parquet"):
        values.to_parquet(name, index=False, row_group_size=50)
    else:
        values.to_csv(name, index=False)
    return name


def sweep(path, n_features=3, **settings):
    return {
        "model": {"n_features": n_features, "d_hidden": 2},
        "features": {"table": {"path": path, **settings}},
        "objective": {"mse": {}},
    }


def fault(path, n_features=3, **settings):
    """The only fault of a sweep with this file, without the words that start each."""
    with pytest.raises(SpecError) as caught:
        parse(sweep(path, n_features, **settings), where="a.toml")
    [line] = caught.value.faults
    start = f"a.toml: features.table cannot use {path}: "
    assert line.startswith(start)
    return line.removeprefix(start)


@pytest.mark.parametrize("kind", KINDS)
def test_samples_are_rows_of_the_file_drawn_uniformly(here, kind):
    values = counts(rows=64)
    x = distributions.sample(Table(path=write(values, f"data.{kind}"), normalise="none"), 3, 64_000)
    seen, times = np.unique(x.T, axis=0, return_counts=True)
    rows, copies = np.unique(values, axis=0, return_counts=True)
    np.testing.assert_array_equal(seen, rows)
    assert (abs(times - 1000 * copies) < 5 * np.sqrt(1000 * copies)).all()


def digits():
    """All of the digits, (1797, 64), in the order of their file."""
    return _tablefile.sample(_tablefile.find("digits"), 1797)


def test_the_digits_are_those_of_scikit_learn_to_the_bit():
    values = digits()
    assert values.shape == (1797, 64)
    assert hashlib.sha256(values.astype(np.float64).tobytes()).hexdigest() == DIGITS


def test_the_digits_are_always_there(here):
    parse(sweep("digits", 64))
    values = digits()
    x = distributions.sample(Table(), 64, 20_000)
    scaled = values / np.maximum(values.max(axis=0), 1)
    known = set(map(bytes, scaled.astype(np.float32)))
    assert all(bytes(row) in known for row in x.T.astype(np.float32))
    np.testing.assert_allclose(x.mean(axis=1), scaled.mean(axis=0), atol=0.02)
    np.testing.assert_array_equal(Table().scales(64), values.max(axis=0) > 0)
    assert fault("digits", 20) == ("it has 64 columns, and n_features is 20. Set n_features to 64.")


def test_features_are_divided_by_their_own_maximum_or_by_that_of_the_table(here):
    values = counts() * [1, 10, 1]
    path, largest = write(values), values.max(axis=0)
    np.testing.assert_allclose(Table(path=path).scales(3), [1, 1, 0])
    np.testing.assert_allclose(
        Table(path=path, normalise="table").scales(3), largest / largest.max(), rtol=1e-6
    )
    np.testing.assert_allclose(Table(path=path, normalise="none").scales(3), largest)
    x = distributions.sample(Table(path=path, normalise="table"), 3, 2000)
    raw = distributions.sample(Table(path=path, normalise="none"), 3, 2000)
    np.testing.assert_allclose(x, raw / largest.max(), rtol=1e-6)


def test_a_present_feature_gets_a_value_that_it_has_in_a_random_row_where_it_is_present(here):
    values = np.zeros((100, 2))
    values[:40, 0] = [1.0] * 30 + [2.0] * 10
    values[90:, 1] = 5.0
    features = Table(path=write(values), normalise="none")
    x = distributions.sample(features, 2, 40_000)
    fresh = distributions.resampled(features, x)
    np.testing.assert_array_equal(fresh > 0, x > 0)
    first = fresh[0][fresh[0] > 0]
    assert set(first) == {1.0, 2.0}
    np.testing.assert_allclose((first == 2.0).mean(), 0.25, atol=0.02)
    old = x[0][x[0] > 0]
    np.testing.assert_allclose(np.corrcoef(old, first)[0, 1], 0, atol=0.05)
    assert set(fresh[1]) == {0.0, 5.0}


@pytest.mark.parametrize("kind", KINDS)
def test_a_longer_file_stands_for_a_uniform_sample_of_its_rows(here, kind, monkeypatch):
    monkeypatch.setattr(_tableread, "BATCH_VALUES", 700)
    monkeypatch.setattr(_tableread, "BLOCK_BYTES", 2**12)
    rows = 20_000
    path = write(np.stack([2 * np.arange(rows), np.ones(rows)], axis=1).astype(int), f"data.{kind}")
    kept = _tablefile.sample(_tablefile.find(path), 2000)[:, 0]
    assert len(np.unique(kept)) == 2000
    assert (np.diff(kept) > 0).all()
    # Tenths of the file: each has 200 of the rows kept, give or take 13.
    tenths = np.bincount(kept.astype(int) // (2 * rows // 10), minlength=10)
    assert (abs(tenths - 200) < 5 * 13).all()


def test_the_rows_that_are_kept_do_not_depend_on_how_the_file_is_cut_into_batches(
    here, monkeypatch
):
    values = np.arange(6000).reshape(3000, 2)
    whole = _tablefile.sample(_tablefile.find(write(values, "whole.csv")), 100)
    monkeypatch.setattr(_tableread, "BATCH_VALUES", 64)
    cut = _tablefile.sample(_tablefile.find(write(values, "cut.csv")), 100)
    np.testing.assert_array_equal(cut, whole)


def test_a_file_is_read_once_until_it_changes(here, monkeypatch):
    path, reads = write(counts()), []
    checked = _tablefile.checked
    monkeypatch.setattr(_tablefile, "checked", lambda *_: reads.append(path) or checked(*_))
    parse({**sweep(path, normalise=["column", "none"]), "model": {"n_features": 3}})
    distributions.sample(Table(path=path), 3, 8)
    assert len(reads) == 1
    write(counts(seed=1) + 1)
    assert Table(path=path, normalise="none").scales(3)[-1] == 1
    assert len(reads) == 2


def test_whole_numbers_floats_and_booleans_are_features(here):
    rows = 2 * np.arange(ROWS)
    table = pd.DataFrame(
        {"a": rows.astype(np.uint8), "b": rows.astype(np.float16), "c": rows % 4 == 0, "d": rows}
    )
    expected = np.stack([rows, rows, rows % 4 == 0, rows], axis=1)
    for kind in KINDS:
        file = _tablefile.find(write(table, f"data.{kind}"))
        np.testing.assert_array_equal(_tablefile.sample(file, ROWS), expected)


def test_a_csv_column_may_turn_from_whole_numbers_to_others_further_on(here, monkeypatch):
    monkeypatch.setattr(_tableread, "BLOCK_BYTES", 64)
    values = 2 * np.arange(200.0)[:, None] + [0, 1]
    values[150] = 0.5
    file = _tablefile.find(write(values.astype(object), "data.csv"))
    np.testing.assert_array_equal(_tablefile.sample(file, 200), values)


NUMBERS = "Features are finite numbers from 0 on."


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("value", "found"), [(-3, "-3.0"), (np.nan, "no value"), (np.inf, "inf")])
def test_a_value_that_is_no_amplitude_is_named_with_its_column_and_first_row(
    here, kind, value, found
):
    values = counts().astype(float)
    values[16:, 1] = value
    values[70, 0] = -1
    assert fault(write(values, f"data.{kind}")) == (
        f'its column "b" has {found} in row 17. {NUMBERS}'
    )


def test_rows_are_counted_through_all_batches(here, monkeypatch):
    monkeypatch.setattr(_tableread, "BATCH_VALUES", 30)
    monkeypatch.setattr(_tableread, "BLOCK_BYTES", 100)
    values = counts(rows=5000)
    values[4321, 2] = -1
    for kind in KINDS:
        assert "-1" in fault(write(values, f"data.{kind}"))
        assert "in row 4322." in fault(f"data.{kind}")


def test_text_in_a_csv_file_is_named_with_its_column_and_first_row(here, monkeypatch):
    values = counts(rows=300).astype(object)
    values[7:, 0] = "often"
    said = f'its column "a" has "often" in row 8, which is no number. {NUMBERS}'
    assert fault(write(values, "data.csv")) == said
    monkeypatch.setattr(_tableread, "BLOCK_BYTES", 100)
    values[7:200, 0] = 1
    assert fault(write(values, "data.csv")) == said.replace("row 8", "row 201")


ADVICE = "Leave the column out, or write it as numbers."


def test_a_column_of_texts_is_said_to_be_no_feature(here):
    table = pd.DataFrame({"a": range(ROWS), "b": ["cat", "dog"] * (ROWS // 2)})
    each = "and each column is a feature: a number from 0 on"
    assert fault(write(table, "data.csv")) == (
        f'its column "b" holds text, "cat" in row 1, {each}. {ADVICE}'
    )
    assert fault(write(table, "data.parquet")) == (f'its column "b" holds text, {each}. {ADVICE}')


def test_a_parquet_column_that_holds_no_numbers_is_named_with_its_type(here):
    column = [pd.Timestamp(0)] * ROWS
    path = write(pd.DataFrame({"a": range(ROWS), "b": column, "c": range(ROWS)}))
    said = fault(path)
    assert re.match('its column "b" holds timestamp', said)
    assert said.endswith("from row 1 on. Features are whole numbers, floats or true and false.")


@pytest.mark.parametrize("kind", KINDS)
def test_too_few_rows(here, kind):
    assert fault(write(counts(rows=63), f"data.{kind}")) == "it has 63 rows. It needs at least 64."
    parse(sweep(write(counts(rows=64), f"more.{kind}")))


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_right_number_of_columns_will_do(here, kind):
    path = write(counts(features=4), f"data.{kind}")
    mapping = {**sweep(path), "model": {"n_features": [3, 4, 5]}}
    with pytest.raises(SpecError) as caught:
        parse(mapping, where="a.toml")
    assert caught.value.faults == [
        f"a.toml: features.table cannot use {path}: it has 4 columns, and n_features is {n}. "
        f"Set n_features to 4 (at n_features = {n})."
        for n in (3, 5)
    ]


def test_no_columns_and_nothing_above_0(here):
    pd.DataFrame(index=range(ROWS)).to_parquet("none.parquet", index=False)
    assert fault("none.parquet") == "it has no columns."
    assert fault(write(np.zeros((ROWS, 3)))) == "nothing in it is above 0."


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_the_index_of_a_pandas_table_is_no_feature(here, kind):
    table = pd.DataFrame(counts(features=2), columns=["a", "b"]).sample(ROWS)
    getattr(table, f"to_{kind}")(f"data.{kind}")
    assert "looks like the index of a pandas table. Write the file with index=False." in fault(
        f"data.{kind}"
    )


@pytest.mark.parametrize("values", [np.zeros((100, 3)), counts(rows=100), np.eye(100) * 0.5])
def test_a_csv_file_without_names_is_refused(here, values):
    pd.DataFrame(values).to_csv("data.csv", header=False, index=False)
    said = fault("data.csv", n_features=values.shape[1])
    assert said.startswith("its first row is numbers (")
    assert said.endswith("Write a row of names above it, such as f0, f1.")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("first", [0, 1, 5000])
def test_a_column_that_counts_the_rows_is_refused_before_its_number_of_columns_is(
    here, kind, first
):
    values = np.column_stack([counts(features=2), first + np.arange(ROWS)])
    table = pd.DataFrame(values, columns=["a", "b", "row"])
    path = write(table, f"data.{kind}")
    said = fault(path, n_features=2)
    assert said.startswith(f'its column "row" counts the rows, {first}, {first + 1}, {first + 2} ')


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "__index_level_0__"])
def test_a_column_that_is_named_like_an_index_is_refused_before_columns_are_counted(here, name):
    table = pd.DataFrame(counts(), columns=[name, "a", "b"])
    assert fault(write(table), n_features=2) == (
        f'its column "{name}" looks like the index of a pandas table. '
        "Write the file with index=False."
    )


@pytest.mark.parametrize(("separator", "word"), [("\t", "tabs"), (";", "semicolons")])
def test_another_separator_is_named(here, separator, word):
    pd.DataFrame(counts(), columns=list("abc")).to_csv("data.csv", sep=separator, index=False)
    assert fault("data.csv") == (
        f"its columns are separated by {word}. A CSV file separates them by commas."
    )


@pytest.mark.parametrize("column", [[[1.0, 2.0]], [{"x": 1.0}]])
def test_nested_columns_are_refused_before_they_are_counted(here, column):
    path = write(pd.DataFrame({"a": range(0, 2 * ROWS, 2), "b": column * ROWS}))
    said = fault(path, n_features=7)
    assert said.startswith('its column "b" holds several values in each row (')
    assert said.endswith(". Make a column of each of them.")


@pytest.mark.parametrize("kind", KINDS)
def test_values_beyond_single_precision_are_named_for_what_they_are(here, kind):
    values = counts().astype(float)
    values[16:, 1] = 5.6e299
    assert fault(write(values, f"data.{kind}")) == (
        'its column "b" has 5.6e+299 in row 17, and single precision ends at 3.4e+38. '
        "Divide the column by a constant."
    )
    values[:, 1] = 1e-300
    values[0, 1] = 0
    assert fault(write(values, f"data.{kind}")) == (
        'its column "b" has at most 1e-300, which single precision takes for 0: its smallest '
        "number is 1.2e-38. Multiply the column by a constant."
    )


def test_a_table_of_fewer_rows_than_are_kept_by_default_is_taken_whole(here, monkeypatch):
    monkeypatch.setattr(tables, "MOST_VALUES", 3 * 100)
    path = write(counts(rows=90))
    parse(sweep(path))
    assert Table(path=path).kept(tables.normalised, 3).shape == (90, 3)


@pytest.mark.long
def test_a_table_may_be_wide(here):
    values = np.random.default_rng(0).random((64, 5000))
    for kind in KINDS:
        path = write(pd.DataFrame(values).add_prefix("f"), f"wide.{kind}")
        assert _tablefile.sample(_tablefile.find(path), 64).shape == (64, 5000)


def test_a_packed_file_is_read_through_a_link_whatever_either_is_called(here):
    values = counts()
    packed = Path(write(values, "data.csv.gz"))
    (here / "named").symlink_to(packed)
    (here / "blob").write_bytes(packed.read_bytes())
    (here / "link.csv.gz").symlink_to("blob")
    for path in ("named", "link.csv.gz"):
        np.testing.assert_array_equal(_tablefile.sample(_tablefile.find(path), ROWS), values)


def test_too_little_memory_is_no_fault_of_the_file(here, monkeypatch):
    path = write(counts())

    def full(batch):
        raise MemoryError

    monkeypatch.setattr(_tableread, "numbers", full)
    monkeypatch.setattr(_tablefile, "numbers", full)
    assert fault(path) == "there is not enough memory to read it."


def test_a_file_is_read_once_for_many_numbers_of_rows(here, monkeypatch):
    path, reads = write(counts(rows=5000)), []
    checked = _tablefile.checked
    monkeypatch.setattr(_tablefile, "checked", lambda *_: reads.append(path) or checked(*_))
    parse(sweep(path, rows={"range": [64, 4000]}))
    assert len(reads) == 1


@pytest.mark.long
def test_a_relative_path_starts_at_the_folder_of_the_sweep_file(here, monkeypatch):
    (here / "study").mkdir()
    write(counts(), "study/data.csv")
    write(counts() + 1, "data.csv")
    (here / "study" / "a.toml").write_text(
        "seeds = 1\nmeasure = 'directions'\n[model]\nn_features = 3\nd_hidden = 2\n"
        "[train]\nsteps = 2\n[features.table]\npath = 'data.csv'\n[objective.mse]\n"
    )
    wanted = read("study/a.toml")
    assert wanted.features["table"]["path"] == ("data.csv",)
    engine.run(wanted, here / "run")
    manifest = (here / "run" / "manifest.json").read_text()
    assert _tablefile.digest(_tablefile.find("data.csv")) in manifest
    assert str(here) not in manifest.partition('"plan"')[2]
    monkeypatch.chdir(here / "study")
    again = read("a.toml")
    # Another sweep that is read in between changes nothing of where this one looks.
    parse(sweep("data.csv"), folder=here)
    engine.run(again, here / "run")
    results = (here / "run" / "results.parquet").read_bytes()
    engine.run(again, here / "second")
    assert (here / "second" / "results.parquet").read_bytes() == results


def test_a_path_of_a_mapping_starts_at_the_working_folder_and_a_tilde_at_home(here, monkeypatch):
    monkeypatch.setenv("HOME", str(here / "home"))
    (here / "home").mkdir()
    write(counts(), "home/x.csv")
    write(counts() + 1, "x.csv")
    parse(sweep("x.csv"))
    assert Table(path="x.csv", normalise="none").scales(3)[2] == 1
    parse(sweep("~/x.csv"))
    assert Table(path="~/x.csv", normalise="none").scales(3)[2] == 0


def test_a_file_that_is_not_there_says_where_it_was_looked_for(here):
    there = f'there is no such file in {here} ("digits" is always there).'
    for path in ("data.csv", "no/data.parquet", "", "a\0b.csv"):
        with pytest.raises(SpecError) as caught:
            parse(sweep(path))
        assert there in str(caught.value)


def test_files_of_other_kinds(here):
    (here / "folder.csv").mkdir()
    named = "with a name that ends in .parquet, .csv or .csv.gz."
    assert fault("folder.csv") == f"it is no file. It must be one, {named}"
    (here / "data.xlsx").write_bytes(b"PK")
    assert fault("data.xlsx") == f"it must be a parquet or CSV file, {named}"
    (here / "data.parquet").write_text("a,b\n1,2\n")
    assert fault("data.parquet").startswith("it cannot be read as parquet (Parquet magic bytes")
    (here / "data.csv").write_text("")
    assert fault("data.csv") == "it cannot be read as CSV (Empty CSV file)."
    (here / "ragged.csv").write_text("a,b,c\n1,2,3\n1,2\n")
    assert fault("ragged.csv") == (
        "it cannot be read as CSV (CSV parse error: Row #3: Expected 3 columns, got 2: 1,2)."
    )
    (here / "latin.csv").write_bytes(b"a,b,\xe9\n1,2,3\n")
    assert fault("latin.csv").startswith("it cannot be read as CSV ('utf-8' codec")


def test_a_damaged_parquet_file_is_noticed(here):
    table = pa.table({name: range(2000) for name in "abc"})
    parquet.write_table(table, "data.parquet", write_page_checksum=True)
    data = bytearray(Path("data.parquet").read_bytes())
    data[len(data) // 4] ^= 0xFF
    Path("data.parquet").write_bytes(data)
    assert fault("data.parquet").startswith("it cannot be read as parquet (")


def test_more_than_programs_can_hold_is_refused(here, monkeypatch):
    monkeypatch.setattr(tables, "MOST_VALUES", 3 * 70)
    path = write(counts())
    with pytest.raises(SpecError) as caught:
        parse(sweep(path, rows=71), where="a.toml")
    assert caught.value.faults == [
        "a.toml: features.table cannot keep 71 rows of 3 columns in memory. Set rows to at most 70."
    ]


def test_the_command_line_ends_with_2_and_writes_nothing(here, monkeypatch, capsys):
    values = counts()
    values[5, 1] = -2
    write(values, "data.csv")
    (here / "a.toml").write_text(
        "[model]\nn_features = 3\n[features.table]\npath = 'data.csv'\n[objective.mse]\n"
    )
    monkeypatch.setattr(sys, "argv", ["toysup", "sweep", "a.toml"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    assert capsys.readouterr() == (
        "",
        'a.toml, line 3: features.table cannot use data.csv: its column "b" has -2.0 in row 6. '
        f"{NUMBERS}\n",
    )
    assert sorted(path.name for path in here.iterdir()) == ["a.toml", "data.csv"]


def test_a_run_remembers_its_files_and_does_not_go_on_with_others(here):
    path = write(counts())
    wanted = parse(sweep(path, normalise=["column", "none"]))

    def opened():
        with engine.open_run(wanted, here / "run", "toysup", 2, None) as (store, plan):
            return store.manifest(), plan

    manifest, plan = opened()
    assert manifest["data"] == {path: _tablefile.digest(_tablefile.find(path))}
    assert opened() == (manifest, plan)
    write(counts(seed=1))
    with pytest.raises(ToysupError) as refused:
        opened()
    assert str(refused.value) == (
        f"{here / 'run'}: was made with other inputs, and is left as it is "
        f"(features.table: {path} has changed). "
        "Start over in a new folder with --fresh, or choose one with --out."
    )


def test_a_file_that_changes_under_a_run_stops_it_before_a_part_is_written(here, monkeypatch):
    wanted = parse(sweep(write(counts())))
    monkeypatch.setattr("toysup.engine.chunk.run", lambda *_: write(counts(seed=1)))
    monkeypatch.setattr("toysup.storage.rows.table", lambda *_: None)
    with pytest.raises(ToysupError, match=r"features\.table: data\.parquet has changed"):
        engine.run(wanted, here / "run")
    assert list((here / "run" / "parts").iterdir()) == []


def test_a_data_file_of_a_packaged_sweep_is_found_from_any_folder(
    here, tmp_path_factory, monkeypatch
):
    packaged = tmp_path_factory.mktemp("packaged")
    (packaged / "data").mkdir()
    write(counts(), str(packaged / "data" / "own.csv"))
    monkeypatch.setattr("toysup.files.packaged.folder", lambda: packaged)
    features = Table(path="data/own.csv", normalise="none")
    np.testing.assert_array_equal(features.scales(3), counts().max(axis=0))
    assert list(Table.fingerprint({"path": "data/own.csv"})) == ["data/own.csv"]
    # A file beside the user wins, and a path that leads out of the folder is not followed.
    (here / "data").mkdir()
    write(counts() + 1, "data/own.csv")
    np.testing.assert_array_equal(features.scales(3), counts().max(axis=0) + 1)
    outside = f"../{packaged.name}/data/own.csv"
    monkeypatch.chdir(here / "data")
    assert "there is no such file" in fault(outside)


def test_the_digest_is_that_of_the_content(here):
    path = write(counts())
    assert Table.fingerprint({"path": path}) == {
        path: hashlib.sha256((here / path).read_bytes()).hexdigest()
    }


def test_a_path_is_listed_as_a_text():
    assert registry.settings(Table)["path"].range == "a string"


@pytest.mark.slow
def test_draws_depend_on_the_key_alone(here):
    path = write(counts())
    ways = ("column", "table", "none")
    one, *others = (distributions.sample(Table(path=path, normalise=way), 3, 50) for way in ways)
    for other in others:
        np.testing.assert_array_equal(one > 0, other > 0)
