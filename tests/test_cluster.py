"""The scripts of docs/cluster.md give each task its own shard."""

import os
import shlex
import subprocess

import pytest

from tests.documents import ROOT, blocks, parsed
from toysup.storage.shard import Shard, parse

SCRIPTS = blocks(ROOT / "docs" / "cluster.md", "bash")


@pytest.fixture
def typed(tmp_path):
    """The words of each toysup that a script starts."""
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/activate").touch()
    stub = tmp_path / "toysup"
    stub.write_text('#!/bin/sh\necho "toysup $*" >> typed\n')
    stub.chmod(0o755)

    def run(script, **variables):
        env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", **variables}
        subprocess.run(["bash", "-eu", "-c", script], cwd=tmp_path, env=env, check=True)
        lines = (tmp_path / "typed").read_text().splitlines()
        (tmp_path / "typed").unlink()
        return [parsed(shlex.split(line)) for line in lines]

    return run


def shard(found):
    return parse(found["shard"])


@pytest.mark.slow
def test_a_slurm_array_has_all_shards(typed):
    script = SCRIPTS[0]
    assert "#SBATCH --array=1-16\n" in script
    ids = map(str, range(1, 17))
    found = [shard(one) for task in ids for one in typed(script, SLURM_ARRAY_TASK_ID=task)]
    assert found == [Shard(number, 16) for number in range(1, 17)]


@pytest.mark.slow
def test_an_indexed_job_has_all_shards(typed):
    indices = map(str, range(16))
    found = [shard(one) for i in indices for one in typed(SCRIPTS[1], JOB_COMPLETION_INDEX=i)]
    assert found == [Shard(number, 16) for number in range(1, 17)]


def test_xargs_starts_all_shards(typed):
    assert sorted(map(shard, typed(SCRIPTS[2]))) == [Shard(number, 4) for number in (1, 2, 3, 4)]
