"""Shards of a run: the bytes of the whole, each chunk trained once, whoever dies or comes again."""

import json
import os
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.runs import mini, started, toysup
from toysup import spec
from toysup.engine import growing, local
from toysup.engine.session import Update
from toysup.errors import BUSY, Interrupted, ToysupError, UnfinishedError
from toysup.storage import rows
from toysup.storage.manifest import identity
from toysup.storage.shard import Shard
from toysup.storage.store import Store

pytestmark = pytest.mark.slow

SEEDS = 12  # six chunks of two


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    return spec.read(mini(tmp_path_factory.mktemp("sweep"), SEEDS), ["measure=directions"])


@pytest.fixture(scope="module")
def whole(sweep, tmp_path_factory):
    return run(sweep, tmp_path_factory.mktemp("whole") / "run")


def run(sweep, folder, **options):
    return local.run(sweep, folder, "toysup sweep mini", devices=2, **options)


def shards(count):
    return [Shard(number, count) for number in range(1, count + 1)]


def bytes_of(folder):
    return (folder / "results.parquet").read_bytes()


def trained(folder):
    """The chunks that were trained, in the order of their ends."""
    lines = (folder / "events.jsonl").read_text().splitlines()
    return [event["chunk"] for event in map(json.loads, lines) if "chunk" in event]


def hidden(folder):
    return sorted(name for name in os.listdir(folder) if name.startswith("."))


def test_shards_one_after_the_other_make_the_bytes_of_the_whole(sweep, whole, tmp_path):
    folder, heard = tmp_path / "run", []
    for shard in shards(3):
        store = run(sweep, folder, shard=shard, callback=heard.append)
        if shard.number < 3:
            assert store.progress() == {
                "run": str(folder),
                "chunks_done": 2 * shard.number,
                "chunks": 6,
            }
            with pytest.raises(UnfinishedError):
                store.results()
    assert bytes_of(folder) == bytes_of(whole.folder)
    assert identity(store.manifest()) == identity(whole.manifest())
    assert sorted(trained(folder)) == sorted(chunk["id"] for chunk in chunks_of(whole))
    assert hidden(folder) == []
    ends = {(update.chunks_done, update.chunks, update.of_run) for update in heard}
    assert ends == {(i, 2, (2 * shard + i, 6)) for shard in range(3) for i in range(2)}


def chunks_of(store):
    return store.manifest()["plan"]["chunks"]


def test_a_shard_that_was_stopped_says_its_command_and_goes_on(sweep, whole, tmp_path):
    folder = tmp_path / "run"
    run(sweep, folder, shard=Shard(2, 2))

    def stop(update: Update):
        if update.chunks_done == 1:
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(Interrupted, match=r"4 of 6 .* Go on with: toysup sweep mini --shard 1/2$"):
        run(sweep, folder, shard=Shard(1, 2), callback=stop)
    assert hidden(folder) == [".shard-1-of-2", ".shard-2-of-2"]
    run(sweep, folder, shard=Shard(1, 2))
    assert bytes_of(folder) == bytes_of(whole.folder)
    assert len(trained(folder)) == len(set(trained(folder))) == 6
    assert hidden(folder) == []


def test_who_joins_takes_the_plan_that_is_there_and_is_refused_with_another(sweep, tmp_path):
    folder = tmp_path / "run"
    run(sweep, folder, shard=Shard(1, 3))
    with pytest.raises(ToysupError, match=r"train\.steps: 60 -> 40"):
        run(spec.read(mini(tmp_path, SEEDS, 40), ["measure=directions"]), folder, shard=Shard(2, 3))
    with pytest.raises(ToysupError, match="--lanes: 8 -> 2"):
        run(sweep, folder, shard=Shard(2, 3), lanes=2)
    with pytest.raises(ToysupError, match="was begun with 3 shards"):
        run(sweep, folder, shard=Shard(2, 4))
    assert len(Store(folder).trained()) == 2


@pytest.mark.long
def test_a_run_that_grew_is_trained_by_shards(sweep, whole, tmp_path):
    folder = shutil.copytree(whole.folder, tmp_path / "run")
    grown = spec.read(mini(tmp_path, SEEDS + 4), ["measure=directions"])
    run(grown, folder, shard=Shard(1, 2), extend=True)
    run(grown, folder, shard=Shard(2, 2))
    assert bytes_of(folder) == bytes_of(run(grown, tmp_path / "anew").folder)
    assert len(trained(folder)) == len(set(trained(folder))) == 8


def test_of_two_that_make_the_manifest_one_does(whole, tmp_path):
    content = whole.manifest()
    stores = [Store(tmp_path / "run") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        first = list(pool.map(lambda store: store.begin(content), stores))
    assert first.count(True) == 1
    assert os.listdir(tmp_path / "run" / "parts") == []
    assert hidden(tmp_path / "run") == []


@pytest.mark.long
def test_many_that_publish_at_once_leave_the_bytes_of_one(whole, tmp_path):
    folder = shutil.copytree(whole.folder, tmp_path / "run")
    (folder / "results.parquet").unlink()
    plan = growing.plans(whole.manifest())[-1]
    with ThreadPoolExecutor(4) as pool:
        publishing = [
            pool.submit(Store(folder).conclude, plan.chunks, rows.schema(plan), SEEDS, anew=True)
            for _ in range(12)
        ]
        while not all(one.done() for one in publishing):
            if (folder / "results.parquet").exists():
                assert Store(folder).results().num_rows == SEEDS  # whole at any moment
        for one in publishing:
            one.result()
    assert bytes_of(folder) == bytes_of(whole.folder)
    assert hidden(folder) == []


@pytest.mark.long
def test_two_at_once_train_each_chunk_once(whole, tmp_path):
    mini(tmp_path, SEEDS)
    words = ("sweep", "mini.toml", "--set", "measure=directions", "--quiet", "--out", "run")
    words += ("--devices", "2")
    both = [started(*words, "--shard", f"{i}/2", cwd=tmp_path) for i in (1, 2)]
    ended = [process.communicate(timeout=240) for process in both]
    assert [process.returncode for process in both] == [0, 0], ended
    assert bytes_of(tmp_path / "run") == bytes_of(whole.folder)
    assert len(trained(tmp_path / "run")) == len(set(trained(tmp_path / "run"))) == 6
    assert hidden(tmp_path / "run") == []


@pytest.mark.long
def test_a_shard_that_is_killed_is_run_again_alone_and_before_that_it_is_busy(tmp_path):
    mini(tmp_path, 40, 4000)
    words = ("sweep", "mini.toml", "--quiet", "--out", "run", "--shard")
    process = started(*words, "1/2", cwd=tmp_path)
    folder = tmp_path / "run"
    while not (folder / "parts").is_dir() or len(os.listdir(folder / "parts")) < 2:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGSTOP)
    again = toysup(*words, "1/2", cwd=tmp_path)
    assert (again.code, again.in_one_line) == (BUSY, True)
    process.kill()
    process.communicate()
    assert toysup(*words, "1/2", cwd=tmp_path).code == 0
    assert toysup(*words, "2/2", cwd=tmp_path).code == 0
    assert len(trained(folder)) == len(set(trained(folder)))
    assert len(Store(folder).trained()) == 20
    assert toysup("sweep", "mini.toml", "--quiet", "--out", "whole", cwd=tmp_path).code == 0
    assert bytes_of(folder) == bytes_of(tmp_path / "whole")
    assert hidden(folder) == []
