"""Chunks as tasks of dask.distributed: the bytes of the run here, whatever happens to workers."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.faults.runs import ROOT, started, toysup
from toysup import grid, registry, spec
from toysup.engine import growing, local, opening
from toysup.engine.orchestrate import Request
from toysup.errors import FailedError, ToysupError
from toysup.grid import growth
from toysup.storage.store import Store

distributed = pytest.importorskip("distributed")
from tests.faults.dask_kills import workers_of  # noqa: E402
from toysup.engine import dask_cluster, dask_tasks, dask_worker  # noqa: E402
from toysup.engine.on_dask import OnDask  # noqa: E402

pytestmark = pytest.mark.slow

TOML = """
seeds = 6
[model]
n_features = 5
d_hidden = 2
[train]
steps = 30
batch_size = 16
[features.independent]
feature_probability = [1.0, 0.5]
[objective.mse]
[objective.masked_mse]
"""
LONG = TOML.replace("steps = 30", "steps = 20000").replace("seeds = 6", "seeds = 16")
# An objective of the user's, which ends each worker that trains it.
DEADLY = '''
import os
import threading
from flax import struct
from toysup.objectives.mse import MSE

@struct.dataclass
class Deadly(MSE):
    """The objective of a test."""

    def loss(self, *arguments):
        if "Dask" in threading.current_thread().name:
            os._exit(1)
        return super().loss(*arguments)
'''


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("sweeps") / "tiny.toml"
    path.write_text(TOML)
    return path


@pytest.fixture(scope="module")
def finished(file, tmp_path_factory):
    """The run here, with as many devices and so the chunks that workers have."""
    return local.run(spec.read(file), tmp_path_factory.mktemp("runs") / "here", devices=2)


@pytest.fixture(scope="module")
def address():
    """The address of a scheduler with two workers, which are threads of this process."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


def run(file, folder, address):
    return local.run(spec.read(file), folder, "toysup sweep again", engine=OnDask(address))


def contents(store):
    return {path.name: path.read_bytes() for path in [store.results_path, *store.parts.iterdir()]}


@dataclass(frozen=True)
class Stored:
    """A store that has a manifest only."""

    content: dict

    def manifest(self):
        return self.content


def trained_where(monkeypatch, fault):
    """Have workers call `fault(number)` before they train a chunk."""
    trained = dask_worker.trained

    def faulty(order, number):
        return fault(number) or trained(order, number)

    monkeypatch.setattr(dask_worker, "trained", faulty)


def test_workers_give_the_bytes_of_the_run_here(file, finished, address, tmp_path, capsys):
    assert contents(run(file, tmp_path / "run", address)) == contents(finished)
    assert capsys.readouterr().err.startswith("toysup: Dask's dashboard: http://")


@pytest.mark.long
def test_a_chunk_that_fails_each_time_is_named_and_the_others_are_trained(
    file, finished, address, tmp_path, monkeypatch
):
    tried = []

    def fault(number):
        if number == 1:
            tried.append(number)
            raise ZeroDivisionError("no luck")

    with monkeypatch.context() as patch:
        trained_where(patch, fault)
        with pytest.raises(FailedError) as failed:
            run(file, tmp_path / "run", address)
    chunks = len(list(finished.parts.iterdir()))
    assert len(tried) == dask_tasks.AGAIN + 1
    assert len(list((tmp_path / "run" / "parts").iterdir())) == chunks - 1
    assert failed.value.exit_code == 3
    assert str(failed.value) == (
        f"{tmp_path / 'run'}: 1 of {chunks} chunks failed each of 4 times: "
        "mse-00-c000-s001 (ZeroDivisionError: no luck). The others are saved, and events.jsonl "
        "there says more. Try again with: toysup sweep again"
    )
    assert contents(run(file, tmp_path / "run", address)) == contents(finished)


@pytest.mark.long
def test_a_worker_that_is_not_fit_gets_no_more_and_the_others_train(
    file, finished, address, tmp_path, monkeypatch, capsys
):
    unfit = []

    def fault(number):
        here = distributed.get_worker().address
        if here in (unfit or [here]):
            unfit.append(here)
            return b"", ["jax: 0.7 -> 0.6"]
        return None

    trained_where(monkeypatch, fault)
    assert contents(run(file, tmp_path / "run", address)) == contents(finished)
    assert f"toysup: worker {unfit[0]} on " in capsys.readouterr().err
    assert len(unfit) <= dask_tasks.FEWEST_TASKS


def test_where_no_worker_is_fit_the_differences_are_told(file, address, tmp_path, monkeypatch):
    monkeypatch.setattr(dask_tasks, "PATIENCE_SECONDS", 0.0)
    trained_where(monkeypatch, lambda number: (b"", ["jax: 0.7 -> 0.6"]))
    with pytest.raises(ToysupError, match=r"No worker of Dask is fit for this run: tcp://.*jax: 0"):
        run(file, tmp_path / "run", address)


def test_a_worker_with_other_code_or_versions_differs_in_words(finished):
    store = Store(finished.folder)
    manifest = store.manifest()
    plan = growing.plans(manifest)[-1]

    def differences():
        return dask_worker.prepared(dask_worker.order(store, plan, 2))[2]

    assert differences() == []
    manifest["versions"]["jax"] = "0.1"
    assert differences() == [f"jax: 0.1 -> {version('jax')}"]
    manifest["versions"]["jax"] = version("jax")
    manifest["sources"]["train.py"] = "0"
    assert differences() == ["toysup's code: train.py"]
    manifest["plan"]["sweep"]["objective"] = "?"
    [words] = differences()
    assert words.startswith("it cannot make the plan (")


def test_a_worker_makes_the_plan_of_a_run_that_grew_and_has_its_plugins(tmp_path):
    (tmp_path / "deadly.py").write_text(DEADLY)
    path = tmp_path / "mine.toml"
    path.write_text('plugins = ["deadly.py"]\n' + TOML.replace("masked_mse", "deadly"))
    old = grid.plan(spec.read(path, ["seeds=2"]))
    plan = growth.grow(old, spec.read(path), 2)
    before, now = (opening.about(each, "toysup sweep", 2) for each in (old, plan))
    order = dask_worker.order(Stored(growing.content(before, now, True)), plan, 2)
    registry.use(())
    _, made, differences = dask_worker.prepared(order)
    assert (made, differences) == (plan, [])
    assert "deadly" in registry.names("objectives")


def test_few_tasks_are_under_way_at_a_time(file, address, tmp_path, monkeypatch):
    most = []
    wait = dask_tasks.Tasks.wait
    monkeypatch.setattr(dask_tasks, "FEWEST_TASKS", 1)
    monkeypatch.setattr(dask_tasks, "TASKS_OF_WORKER", 2)
    monkeypatch.setattr(
        dask_tasks.Tasks, "wait", lambda tasks: most.append(len(tasks.under_way)) or wait(tasks)
    )
    trained_where(monkeypatch, lambda number: 1 / 0)
    with pytest.raises(FailedError):
        run(file, tmp_path / "run", address)
    assert max(most) == 2 * 2


def test_an_address_where_nothing_listens_is_a_line_and_nothing_is_begun(
    file, tmp_path, monkeypatch
):
    monkeypatch.setattr(dask_cluster, "CONNECT_SECONDS", 0.2)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = f"tcp://127.0.0.1:{unused.getsockname()[1]}"
    for place in (nowhere, "", "localhost", "tls://127.0.0.1:1"):
        with pytest.raises(ToysupError, match=f"^--dask {place}: no scheduler of Dask answers"):
            run(file, tmp_path / "run", place)
    for place in ("local:0", "local:many", "local:1000"):
        with pytest.raises(ToysupError, match=f"^--dask {place}: the number of workers must be"):
            run(file, tmp_path / "run", place)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("words", [b"", b"HTTP/1.1 400 Bad Request\r\nServer: another\r\n\r\n" * 9])
def test_another_server_at_the_address_is_a_line_and_nothing_is_begun(
    file, tmp_path, monkeypatch, words
):
    monkeypatch.setattr(dask_cluster, "CONNECT_SECONDS", 1)

    def answer(server):
        with contextlib.suppress(OSError):  # it is closed
            while True:
                connection, _ = server.accept()
                connections.append(connection)
                connection.sendall(words)

    connections = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, args=(server,), daemon=True).start()
        place = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(ToysupError, match=f"^--dask {place}: no scheduler of Dask answers"):
            run(file, tmp_path / "run", place)
        server.shutdown(socket.SHUT_RDWR)
    for connection in connections:
        connection.close()
    assert not (tmp_path / "run").exists()


def test_without_dask_a_line_says_what_to_install(file, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ToysupError, match=r'pip install "toysup\[dask\]"'):
        run(file, tmp_path / "run", "local:2")


def test_the_command_that_goes_on_names_the_cluster(file):
    command = Request(file, dask="local:2").command(Path("runs/tiny"))
    assert command == f"toysup sweep {file} --dask local:2 --out runs/tiny"


def until(condition, seconds=120):
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + seconds
        time.sleep(0.1)


@pytest.mark.long
def test_workers_and_the_client_are_killed_and_nothing_is_lost_or_twice(tmp_path):
    (tmp_path / "long.toml").write_text(LONG)
    parts = tmp_path / "run" / "parts"
    words = ("sweep", "long.toml", "--out", "run", "--dask", "local:2")
    client = started(*words, cwd=tmp_path)
    until(lambda: parts.exists() and any(parts.iterdir()))
    workers = workers_of(client)
    workers[0].kill()
    more = len(list(parts.iterdir())) + 2
    until(lambda: len(list(parts.iterdir())) >= more)
    workers = workers_of(client)
    client.kill()
    client.communicate(timeout=60)
    until(lambda: not any(w.is_running() and w.status() != "zombie" for w in workers), 5)
    saved = {path: path.stat().st_mtime_ns for path in parts.glob("*.parquet")}
    again = toysup(*words, cwd=tmp_path, timeout=400)
    assert again.code == 0
    assert all(path.stat().st_mtime_ns == then for path, then in saved.items())
    assert toysup("sweep", "long.toml", "--out", "here", cwd=tmp_path, timeout=400).code == 0
    whole = (tmp_path / "here" / "results.parquet").read_bytes()
    assert (tmp_path / "run" / "results.parquet").read_bytes() == whole


@pytest.mark.long
def test_a_chunk_that_kills_its_workers_is_named_and_the_others_are_trained(tmp_path):
    (tmp_path / "deadly.py").write_text(DEADLY)
    text = TOML.replace("masked_mse", "deadly").replace("seeds = 6", "seeds = 2")
    (tmp_path / "tiny.toml").write_text('plugins = ["deadly.py"]\n' + text)
    ended = toysup("sweep", "tiny.toml", "--dask", "local:2", cwd=tmp_path, timeout=400)
    assert ended.code == 3
    assert "(each worker that trained it died)" in ended.err
    assert "Traceback" not in ended.err
    assert [path.name[:3] for path in (tmp_path / "runs/tiny/parts").iterdir()] == ["mse"]


@pytest.mark.long
def test_a_worker_with_other_settings_is_refused_with_the_difference(tmp_path):
    (tmp_path / "tiny.toml").write_text(TOML)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = str(unused.getsockname()[1])
    place = f"tcp://127.0.0.1:{port}"
    env = os.environ | {"PYTHONPATH": str(ROOT), "TOYSUP_KERNELS": "off"}
    with contextlib.ExitStack() as stack:
        for words in (["scheduler", "--port", port, "--no-dashboard"], ["worker", place]):
            command = [sys.executable, "-m", f"distributed.cli.dask_{words[0]}", *words[1:]]
            process = subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        ended = toysup("sweep", "tiny.toml", "--dask", place, cwd=tmp_path)
    assert ended.code == 2
    assert "No worker of Dask is fit for this run: tcp://" in ended.err
    assert "(kernels: on -> off)" in ended.err
    assert "Traceback" not in ended.err
