"""Death and failing disks at each operation on files: nothing is lost, and a run goes on."""

import errno
import os
import shutil
import stat

import pytest

from tests.faults.death import Death, failing
from tests.faults.runs import in_process, mini
from toysup import spec
from toysup.engine import local
from toysup.files.publish import publish
from toysup.storage.store import Store

MOST = 200  # operations of one run; it has 28 where its chunks are two


def without_training(kept: Store, monkeypatch) -> None:
    """Put the parts of a finished run in the place of training."""

    def train(self, missing):
        for chunk in missing:
            publish(self.store.part(chunk.id), kept.part(chunk.id).read_bytes())
            self.store.log(chunk=chunk.id)

    monkeypatch.setattr(local.LocalRun, "train", train)


@pytest.fixture
def work(finished, tmp_path, monkeypatch):
    """Runs the sweep in a folder, with the parts of the finished run in place of training."""
    without_training(Store(finished), monkeypatch)
    sweep = spec.read(mini(tmp_path))
    return lambda: local.run(sweep, tmp_path / "new" / "run")


def temporaries(folder):
    return [path for path in folder.rglob("*") if path.name.startswith(".")]


def at_each_operation(work, folder, check, errors, after=False, before=None):
    """How many operations there are; `check` looks at what stands after the k-th one failed. The
    folder is a copy of the run `before`, where there is one."""
    for k in range(1, MOST):
        shutil.rmtree(folder.parent, ignore_errors=True)
        if before:
            shutil.copytree(before, folder)
        with failing(k, errors[k % len(errors)], after) as faults:
            try:
                said = in_process(work)
            except Death:
                said = ""
        if faults.done < k:
            return k - 1
        check(said)
        saved = {path: path.stat().st_mtime_ns for path in folder.glob("parts/mse*")}
        work()
        assert {path: path.stat().st_mtime_ns for path in saved} == saved, f"lost after {k}"
        assert temporaries(folder) == [], f"left after {k}"
    raise AssertionError("there are more operations")


@pytest.mark.slow
@pytest.mark.parametrize(
    "after", [pytest.param(False, marks=pytest.mark.long), True], ids=["before", "after"]
)
def test_death_at_any_operation_loses_nothing_and_leaves_nothing(work, finished, tmp_path, after):
    folder = tmp_path / "new" / "run"
    whole = Store(finished).results_path.read_bytes()

    def nothing_is_half_there(said):
        for path in folder.glob("parts/mse*"):
            assert path.read_bytes() == (finished / "parts" / path.name).read_bytes()

    count = at_each_operation(work, folder, nothing_is_half_there, [Death()], after)
    assert count >= 25
    assert Store(folder).results_path.read_bytes() == whole


@pytest.mark.long
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_run_that_dies_while_it_grows_is_the_old_one_or_the_new_one(
    finished, tmp_path, monkeypatch, after
):
    old, new = (spec.read(mini(tmp_path, seeds)) for seeds in (4, 5))
    grown = local.run(new, shutil.copytree(finished, tmp_path / "grown"), extend=True)
    without_training(grown, monkeypatch)
    folder, states = tmp_path / "new" / "run", []

    def is_one_of_both(said):
        for path in (finished / "parts").iterdir():
            assert (folder / "parts" / path.name).read_bytes() == path.read_bytes()
        states.append("earlier" in Store(folder).manifest())
        sweep, run = (new, grown) if states[-1] else (old, Store(finished))
        copy = shutil.copytree(folder, tmp_path / "copy", dirs_exist_ok=True)
        gone_on = local.run(sweep, copy)  # without --extend
        assert gone_on.results_path.read_bytes() == run.results_path.read_bytes()
        shutil.rmtree(copy)

    def grow():
        return local.run(new, folder, extend=True)

    count = at_each_operation(grow, folder, is_one_of_both, [Death()], after, finished)
    assert count >= 15
    assert states == sorted(states)
    assert set(states) == {False, True}
    assert Store(folder).results_path.read_bytes() == grown.results_path.read_bytes()


@pytest.mark.long
@pytest.mark.slow
def test_a_disk_that_fails_at_any_operation_is_one_line_and_the_same_command_goes_on(
    work, tmp_path
):
    folder = tmp_path / "new" / "run"
    numbers = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

    def is_one_line(said):
        assert said.startswith("75: ")
        assert said.endswith("). Once that is mended, the same command goes on.")
        left = [path.name for path in temporaries(folder)]
        assert left in ([], [".shard-1-of-1"])  # it cannot be removed

    errors = [OSError(number, os.strerror(number)) for number in numbers]
    assert at_each_operation(work, folder, is_one_line, errors) >= 25


@pytest.mark.slow
def test_what_a_killed_process_left_does_not_hinder_its_command(work, tmp_path):
    folder = tmp_path / "new" / "run"
    (folder / "parts").mkdir(parents=True)
    for name in (".manifest.json.x", ".results.parquet.ab.tmp", "parts/.a-b.parquet.x.tmp"):
        (folder / name).touch()
    work()
    assert temporaries(folder) == []


@pytest.mark.slow
def test_a_folder_that_is_refused_gets_no_lock(work, tmp_path):
    folder = tmp_path / "new" / "run"
    folder.mkdir(parents=True)
    (folder / ".thesis.tex").touch()
    assert in_process(work).startswith(f"2: {folder}: exists and is not a run.")
    assert [path.name for path in folder.iterdir()] == [".thesis.tex"]


@pytest.mark.slow
def test_files_are_as_open_to_others_as_the_umask_says(work, tmp_path):
    before = os.umask(0o077)
    try:
        folder = work().folder
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    assert modes == {0o600}
