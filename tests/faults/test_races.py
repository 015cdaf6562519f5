"""Processes that begin in one folder at one moment: one works, and nothing is mixed."""

import json
from pathlib import Path

import pytest

from tests.faults.runs import mini, started
from toysup.errors import BUSY
from toysup.storage.store import Store

pytestmark = pytest.mark.slow


def race(tmp_path, *commands):
    """The exit codes and messages of commands that begin together."""
    processes = [started(*words, "--quiet", cwd=tmp_path) for words in commands]
    ended = [process.communicate(timeout=240)[1] for process in processes]
    return [(p.returncode, err) for p, err in zip(processes, ended, strict=True)]


@pytest.mark.long
def test_of_four_equal_sweeps_one_works_and_the_others_say_busy(finished, tmp_path):
    mini(tmp_path)
    ended = race(tmp_path, *[("sweep", "mini.toml", "--out", "run")] * 4)
    assert {code for code, _ in ended} <= {0, BUSY}
    assert 0 in [code for code, _ in ended]
    assert all("Traceback" not in err for _, err in ended)
    results = (tmp_path / "run" / "results.parquet").read_bytes()
    assert results == Store(finished).results_path.read_bytes()


@pytest.mark.long
def test_of_two_different_sweeps_one_works_and_the_other_is_refused(tmp_path):
    mini(tmp_path)
    words = ("sweep", "mini.toml", "--out", "run", "--set")
    ended = race(tmp_path, (*words, "steps=40"), (*words, "steps=50"))
    assert [code for code, _ in ended].count(0) == 1
    assert {code for code, _ in ended} <= {0, 2, BUSY}
    store = Store(tmp_path / "run")
    [steps] = store.manifest()["plan"]["sweep"]["train"]["steps"]
    assert set(store.results().column("steps").to_pylist()) == {steps}
    assert [code for code, _ in ended][0 if steps == 40 else 1] == 0


@pytest.mark.long
def test_two_that_start_over_at_once_get_folders_of_their_own(tmp_path):
    mini(tmp_path)
    words = ("sweep", "mini.toml", "--out", "run", "--fresh")
    assert [code for code, _ in race(tmp_path, words, words)] == [0, 0]
    for name in ("run", "run-2"):
        manifest = json.loads(Path(tmp_path, name, "manifest.json").read_bytes())
        assert manifest["command"].endswith(f"--out {name}")
