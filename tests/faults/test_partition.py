"""A network that was away for half a minute costs time, and nothing else."""

import json
import subprocess
import sys

import pytest

from tests.faults.partition import NAMESPACE
from tests.faults.runs import ROOT, toysup
from toysup.storage.store import Store

pytest.importorskip("distributed")


def has_namespaces() -> bool:
    """Whether this user may have a network of their own here."""
    try:
        tried = subprocess.run([*NAMESPACE, "ip", "link", "set", "lo", "up"], capture_output=True)
    except FileNotFoundError:
        return False
    return tried.returncode == 0


@pytest.mark.long
@pytest.mark.skipif(not has_namespaces(), reason="needs network namespaces, of Linux")
def test_a_network_that_is_away_for_30_seconds_heals_and_the_run_has_the_same_bytes(tmp_path):
    command = [*NAMESPACE, sys.executable, "-m", "tests.faults.partition", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    before, meanwhile, after = told["saved"]
    assert told["code"] == 0, told["said"]
    assert 0 < before <= meanwhile < after == 20  # it was away in the middle of the run
    store = Store(tmp_path / "run")
    lines = (store.folder / "events.jsonl").read_text().splitlines()
    saved = [line["chunk"] for line in map(json.loads, lines) if "seconds" in line]
    assert len(saved) == len(set(saved)) == 20
    here = toysup("sweep", "mini.toml", "--out", "here", cwd=tmp_path, timeout=400)
    assert here.code == 0
    assert (tmp_path / "here/results.parquet").read_bytes() == store.results_path.read_bytes()
