"""Cells that are trained again come out as the same bytes, or what differs is told."""

from pathlib import Path

import numpy as np
import pytest

from tests.faults.runs import forged, resealed, with_column
from toysup import spec
from toysup.engine import local
from toysup.errors import Interrupted, ToysupError
from toysup.reproduce.again import reproduce
from toysup.reproduce.scratch import Work
from toysup.storage.store import Store

pytestmark = pytest.mark.long

QUIET = Work()


@pytest.mark.long
def test_a_run_comes_out_again_as_the_same_bytes_and_leaves_no_folder(store):
    found = reproduce(store.folder, QUIET)
    assert found.agrees
    assert found.rows == found.identical == found.trained == 24
    assert found.conditions == (8, 8)
    assert (found.largest, found.changed, found.made_with, found.folder) == ({}, (), (), "")
    assert [path.name for path in store.folder.parent.iterdir()] == ["run"]


@pytest.mark.long
def test_a_share_is_the_same_bytes_too_and_of_each_objective_alike(store):
    found = reproduce(store.folder, QUIET, share=0.5, seed=1)
    assert found.conditions == (4, 8)
    assert found.rows == found.identical == 12
    assert found.verdicts == 4


@pytest.mark.long
def test_a_number_that_was_changed_is_told_and_its_row_kept(store):
    table = store.results()
    losses = table.column("loss").to_numpy().copy()
    losses[7] += 0.25
    forged(store, lambda table: with_column(table, "loss", losses))
    found = reproduce(Store(store.folder).folder, QUIET)
    assert not found.agrees
    assert found.identical == 23
    assert found.largest == {"loss": pytest.approx(0.25)}
    assert Store(store.folder.with_name("run-reproduced")).results().num_rows == 24


@pytest.mark.long
def test_a_verdict_that_would_be_another_is_named(store):
    still = np.array(store.results().column("condition").to_pylist()) == 0
    for name in ("geometry_change", "loss_change"):  # the first condition had not converged
        values = store.results().column(name).to_numpy().copy()
        values[still] = 0
        forged(store, lambda table, n=name, v=values: with_column(table, n, v))
    found = reproduce(store.folder, QUIET)
    assert not found.agrees
    [changed] = found.changed
    assert changed.name == "objective=mse, feature_probability=0.1"
    assert changed.before != changed.now == "not converged"


@pytest.mark.long
def test_under_other_versions_other_bits_are_expected_and_the_difference_is_told(store):
    losses = store.results().column("loss").to_numpy() + 1e-6
    resealed(store, lambda content: content["versions"].update(jax="0.1"))
    store = Store(store.folder)
    forged(store, lambda table: with_column(table, "loss", losses))
    found = reproduce(store.folder, QUIET, share=0.2)
    assert found.agrees
    assert found.identical == 0
    assert [line.partition(" ->")[0] for line in found.made_with] == ["jax: 0.1"]


@pytest.mark.long
def test_a_reproduction_that_was_stopped_goes_on(store):
    calls = []

    def stop(update):
        calls.append(update)
        if update.chunks_done:
            raise Interrupted("Stopped.", 130)

    with pytest.raises(Interrupted):
        reproduce(store.folder, Work(callback=stop))
    scratch = f"{store.folder}-reproduced"
    command = f"toysup reproduce {store.folder} --share 1 --seed 0 --out {scratch}"
    assert Store(Path(scratch)).manifest()["command"] == command
    found = reproduce(store.folder, QUIET)
    assert found.agrees
    assert 0 < found.trained < found.rows


def test_the_command_that_goes_on_has_the_devices_that_were_asked_for():
    assert Work(devices=2).words == ["--devices", "2"]
    assert QUIET.words == []


def test_a_folder_with_something_else_is_left_alone(store, finished):
    other = store.folder.with_name("run-reproduced")
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    with pytest.raises(ToysupError, match="run-reproduced: exists and is not a run"):
        reproduce(store.folder, QUIET)
    with pytest.raises(ToysupError, match=r"run: holds something else\. Remove it"):
        reproduce(store.folder, QUIET, share=0.2, out=finished)


def test_what_is_not_here_is_a_line(store):
    def needs(content):
        content["plan"]["sweep"]["plugins"] = [["objectives", "mine", "0" * 64]]

    table = store.results()
    resealed(store, needs)
    Store(store.folder).publish_tables(table.schema, [table])
    with pytest.raises(ToysupError, match=r"needs its plug-in mine\. Read .*plugins/mine\.py"):
        reproduce(store.folder, QUIET)
    resealed(store, lambda content: content["plan"]["sweep"].update(plugins=[]))
    resealed(store, lambda content: content["data"].update({"gone.csv": "0"}))
    Store(store.folder).publish_tables(table.schema, [table])
    with pytest.raises(ToysupError, match=r"gone\.csv is not the file that the run read"):
        reproduce(store.folder, QUIET)
    with pytest.raises(ToysupError, match="must be above 0 and at most 1"):
        reproduce(store.folder, QUIET, share=0.0)


@pytest.mark.long
def test_a_data_file_that_is_gone_or_another_is_a_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "data.csv"
    file.write_text("a,b\n" + "0.5,0.1\n0.2,0.7\n" * 50)
    sweep = {
        "seeds": 1,
        "measure": "directions",
        "model": {"n_features": 2, "d_hidden": 1},
        "train": {"steps": 2, "batch_size": 8},
        "features": {"table": {"path": "data.csv"}},
        "objective": {"mse": {}},
    }
    folder = local.run(spec.parse(sweep), tmp_path / "run").folder
    file.write_text(file.read_text() + "0.3,0.3\n")
    with pytest.raises(ToysupError, match=r"data\.csv is not the file that the run read\. Paths"):
        reproduce(folder, QUIET)
    file.unlink()
    with pytest.raises(ToysupError, match=r"no such file in .* is always there\)\. Paths start"):
        reproduce(folder, QUIET)
