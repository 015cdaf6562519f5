import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from toysup import grid, spec
from toysup.engine import disk, growing
from toysup.engine import local as engine
from toysup.engine.opening import fresh_folder
from toysup.errors import BusyError, DamagedError, DiskError, Interrupted, RefusedError, ToysupError
from toysup.files.publish import publish
from toysup.measure import outcome
from toysup.resources import container
from toysup.resources.container import cores
from toysup.storage import rows
from toysup.storage.parquet import read_parquet
from toysup.storage.store import Store
from toysup.verdict.needed import needed

TOML = """
title = "Tiny"
seeds = 5
[model]
n_features = 5
d_hidden = 2
[train]
steps = 30
batch_size = 16
[features.independent]
feature_probability = [1.0, 0.5]
[objective.mse]
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("sweeps") / "tiny.toml"
    path.write_text(TOML)
    return path


@pytest.fixture(scope="module")
def finished(file, tmp_path_factory):
    return engine.run(spec.read(file), tmp_path_factory.mktemp("runs") / "tiny")


def anything(metadata):
    return ""


def stop_after(chunks, number=signal.SIGINT):
    def callback(update):
        if update.chunks_done >= chunks:
            signal.raise_signal(number)  # heard by this thread, before anything else

    return callback


@pytest.mark.slow
def test_a_finished_run_has_one_row_an_instance_sorted_by_condition_and_seed(finished):
    table = finished.results()
    keys = list(zip(*(table.column(c).to_pylist() for c in ("condition", "seed")), strict=True))
    assert keys == [(condition, seed) for condition in range(2) for seed in range(5)]


@pytest.mark.long
def test_the_same_sweep_twice_gives_the_same_bytes(file, finished, tmp_path):
    again = engine.run(spec.read(file), tmp_path / "again")
    assert again.results_path.read_bytes() == finished.results_path.read_bytes()


@pytest.mark.slow
def test_the_metrics_of_the_short_runs_are_those_that_the_geometry_moved_from(finished):
    rows = finished.frame()
    short = pd.DataFrame(rows["half"].tolist(), index=rows.index)
    assert set(short) <= set(rows)
    T_and_P = ["squared_interference", "positive_interference"]
    moved = outcome.geometry_change(*({n: t[n].to_numpy() for n in T_and_P} for t in (rows, short)))
    np.testing.assert_allclose(moved, rows["geometry_change"])
    assert (moved > 0).any()
    assert not short["random_quantile_gap"].equals(rows["random_quantile_gap"])


@pytest.mark.slow
def test_a_stopped_run_resumes_to_the_same_bytes(file, finished, tmp_path):
    sweep, folder = spec.read(file), tmp_path / "stopped"
    with pytest.raises(Interrupted) as stopped:
        engine.run(sweep, folder, "toysup sweep tiny.toml", stop_after(2))
    assert stopped.value.exit_code == 130
    saved = sorted((folder / "parts").iterdir())
    assert str(stopped.value) == (
        f"Stopped. {len(saved)} of {len(grid.plan(sweep, max(2, cores())).chunks)} chunks "
        f"are saved in {folder}. Go on with: toysup sweep tiny.toml"
    )
    before = [part.stat().st_mtime_ns for part in saved]
    store = engine.run(sweep, folder)
    assert [part.stat().st_mtime_ns for part in saved] == before
    assert store.results_path.read_bytes() == finished.results_path.read_bytes()


@pytest.mark.slow
def test_sigterm_exits_with_143(file, tmp_path):
    with pytest.raises(Interrupted) as stopped:
        engine.run(spec.read(file), tmp_path / "run", callback=stop_after(0, signal.SIGTERM))
    assert stopped.value.exit_code == 143


@pytest.mark.slow
def test_a_finished_run_is_not_trained_again(file, finished):
    heard = []
    engine.run(spec.read(file), finished.folder, callback=heard.append)
    assert heard == []


@pytest.mark.slow
def test_another_sweep_in_the_same_folder_is_refused_with_the_difference(file, finished):
    changed = spec.read(file, ["steps=40", "feature_probability=[1.0, 0.25]"])
    with pytest.raises(ToysupError) as refused:
        engine.run(changed, finished.folder)
    assert str(refused.value) == (
        f"{finished.folder}: was made with other inputs, and is left as it is "
        "(train.steps: 30 -> 40; features.independent.feature_probability: 1, 0.5 -> 1, 0.25). "
        "Start over in a new folder with --fresh, or choose one with --out."
    )


def test_a_folder_that_is_no_run_is_left_alone(file, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ToysupError) as refused:
        engine.run(spec.read(file), tmp_path)
    assert str(refused.value) == (
        f"{tmp_path}: exists and is not a run. Choose another folder with --out."
    )
    assert [f.name for f in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.slow
def test_two_processes_cannot_work_on_one_run(file, finished):
    with finished.lock(), pytest.raises(BusyError) as busy:
        engine.run(spec.read(file), finished.folder)
    assert busy.value.exit_code == 75


@pytest.mark.slow
def test_a_damaged_part_is_named_and_training_it_again_mends_the_run(file, finished, tmp_path):
    sweep, folder = spec.read(file), tmp_path / "run"
    store = engine.run(sweep, folder)
    store.results_path.unlink()
    part = sorted(store.parts.iterdir())[1]
    data = bytearray(part.read_bytes())
    third = len(data) // 3
    data[third : third + 512] = bytes(512)
    part.write_bytes(data)
    with pytest.raises(DamagedError) as damaged:
        engine.run(sweep, folder)
    assert re.fullmatch(
        rf"{re.escape(str(part))}: is damaged \(.+\)\. Delete it and give the sweep command "
        r"again: only what is missing is trained\.",
        str(damaged.value),
    )
    assert damaged.value.exit_code == 6
    part.unlink()
    assert engine.run(sweep, folder).results_path.read_bytes() == finished.results_path.read_bytes()


@pytest.mark.slow
def test_a_flipped_byte_of_a_part_is_found_or_changes_nothing(finished, tmp_path):
    whole = sorted(finished.parts.iterdir())[0]
    expected, found = read_parquet(whole, anything).to_pandas(), 0
    data = whole.read_bytes()
    for place in np.linspace(0, len(data) - 1, 80).astype(int):
        broken = bytearray(data)
        broken[place] ^= 0xFF
        copy = tmp_path / "part.parquet"
        copy.write_bytes(broken)
        try:
            read = read_parquet(copy, anything)
        except DamagedError:
            found += 1
        else:
            pd.testing.assert_frame_equal(read.to_pandas(), expected)
    assert found > 70


def test_fresh_starts_in_the_next_free_folder_which_is_no_other_process_then(tmp_path):
    folder = tmp_path / "tiny"
    with fresh_folder(folder) as first, fresh_folder(folder) as second:
        assert (first, second) == (folder, tmp_path / "tiny-2")
    with fresh_folder(folder) as third:
        assert third == tmp_path / "tiny-3"


def test_a_fresh_folder_goes_when_nothing_is_begun_in_it(tmp_path):
    with pytest.raises(ToysupError), fresh_folder(tmp_path / "tiny"):
        raise ToysupError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_diverged_instances_are_rows_not_errors(file, tmp_path):
    sweep = spec.read(file, ["learning_rate=1e38", "seeds=2"])
    store = engine.run(sweep, tmp_path / "run")
    assert store.outcome()["outcomes"] == {"diverged": 4}


@pytest.mark.slow
def test_the_manifest_says_what_ran_and_with_what(finished):
    manifest = json.loads(finished.manifest_path.read_text())
    assert manifest["plan"]["sweep"]["train"]["steps"] == [30]
    assert {"toysup", "jax", "jaxlib", "kernels", "device", "python"} <= set(manifest["versions"])


@pytest.mark.slow
def test_a_flipped_bit_in_the_results_is_noticed(finished, tmp_path):
    data = bytearray(finished.results_path.read_bytes())
    data[len(data) // 2] ^= 1
    damaged = tmp_path / "results.parquet"
    damaged.write_bytes(data)
    with pytest.raises(DamagedError):
        read_parquet(damaged, anything)


@pytest.mark.long
def test_a_killed_process_leaves_whole_files_only(file, tmp_path):
    folder = tmp_path / "killed"
    process = subprocess.Popen(
        [sys.executable, "-m", "toysup", "sweep", str(file), "--out", str(folder), "--quiet",
         "--set", "seeds=2000", "--set", "measure=directions"],
    )  # fmt: skip
    parts = folder / "parts"
    while not (parts.is_dir() and any(parts.glob("*.parquet"))):
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    for part in parts.glob("*.parquet"):
        pq.read_table(part, page_checksum_verification=True)
    with Store(folder).lock():
        pass


@pytest.mark.long
def test_a_part_of_another_chunk_is_noticed_before_anything_is_trained(file, tmp_path):
    sweep, folder = spec.read(file), tmp_path / "run"
    store = engine.run(sweep, folder)
    first, second, third = sorted(store.parts.iterdir())[:3]
    second.write_bytes(first.read_bytes())
    third.unlink()
    with pytest.raises(DamagedError, match="holds the rows of another chunk"):
        engine.run(sweep, folder)
    assert not third.exists()


@pytest.mark.slow
def test_every_flipped_byte_of_the_results_is_noticed(finished, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(finished.folder, folder)
    path = folder / "results.parquet"
    data = path.read_bytes()
    for place in range(0, len(data), max(1, len(data) // 50)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
        with pytest.raises(DamagedError, match="its checksum differs"):
            Store(folder).results()


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["", "{}", '{"manifest_version": "x"}', '{"manifest_version": 3}', "[]", "[" * 100_000, "NaN"],
    ids=lambda text: text[:30],
)
def test_a_manifest_that_lacks_something_is_damaged(finished, tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(
        DamagedError, match=r"manifest.json: is damaged\. Start over with --fresh\."
    ):
        Store(tmp_path).results()


@pytest.mark.long
def test_a_run_that_died_before_its_manifest_is_begun_again(file, finished, tmp_path):
    (tmp_path / "run" / "parts").mkdir(parents=True)
    store = engine.run(spec.read(file), tmp_path / "run")
    assert store.results_path.read_bytes() == finished.results_path.read_bytes()


@pytest.mark.long
def test_a_model_that_was_hardly_trained_has_not_converged(file, tmp_path):
    store = engine.run(spec.read(file, ["steps=1"]), tmp_path / "run")
    assert store.outcome()["outcomes"] == {"not converged": 10}


def test_what_does_not_fit_on_the_disk_is_refused_and_leaves_no_folder(file, tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "free", lambda folder: 1000.0)
    with pytest.raises(RefusedError, match="of disk, and 1 kB are free"):
        engine.run(spec.read(file), tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_only_what_is_missing_needs_room(file, finished, tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "free", lambda folder: 0.0)
    folder = shutil.copytree(finished.folder, tmp_path / "run")
    assert engine.run(spec.read(file), folder).results().num_rows == finished.results().num_rows
    next((folder / "parts").iterdir()).unlink()
    (folder / "results.parquet").unlink()
    with pytest.raises(RefusedError, match="what is left to train needs about"):
        engine.run(spec.read(file), folder)


@pytest.mark.slow
def test_a_manifest_that_memory_does_not_hold_is_refused_and_not_damaged(finished, monkeypatch):
    monkeypatch.setattr(container, "memory", lambda: 1000.0)
    with pytest.raises(RefusedError, match="json: there is not enough memory to read its"):
        Store(finished.folder).manifest()


@pytest.mark.slow
def test_a_full_disk_is_one_line(finished, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskError) as refused:
        publish(tmp_path / "part.parquet", b"data")
    expected = f"{tmp_path}/part.parquet: cannot be written (No space left on device). "
    expected += "Once that is mended, the same command goes on."
    assert str(refused.value) == expected
    assert list(tmp_path.iterdir()) == []


def test_no_name_for_a_folder_is_too_odd(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with fresh_folder(Path()) as folder:
        assert folder == tmp_path.with_name(f"{tmp_path.name}-2")
    folder.rmdir()
    with pytest.raises(ToysupError, match="is no name for a run"), fresh_folder(Path("/")):
        pass
    with pytest.raises(ToysupError, match="File name too long"), fresh_folder(Path("x" * 300)):
        pass


def exactly(table):
    return repr(table.to_pydict())  # a NaN is no other NaN


@pytest.mark.slow
def test_results_in_many_row_groups_are_read_as_one_table_or_a_condition_of_it(finished, tmp_path):
    store = Store(shutil.copytree(finished.folder, tmp_path / "run"))
    plan = growing.plans(store.manifest())[-1]
    store.finalize(plan.chunks, rows.schema(plan), at_once=3)
    assert pq.ParquetFile(store.results_path).num_row_groups == 4
    whole = finished.results()
    assert exactly(store.results()) == exactly(whole)
    for condition in (0, 1):
        found = store.results(condition=condition)
        assert exactly(found) == exactly(whole.filter(pc.field("condition") == condition))
    assert exactly(store.results(needed)) == exactly(finished.results(needed))
    parts = store.results(needed).schema.field("half").type
    assert {"loss", "squared_interference"} <= {part.name for part in parts}
    assert not {"W", "dimensionality"} & {part.name for part in parts}
