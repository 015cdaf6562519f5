"""The same training is the same bytes beside others, under load; a short form of `make stress`."""

import json
import subprocess
import sys

import pytest

from tests.faults import trainings
from tests.faults.worker import Task

pytestmark = pytest.mark.slow
NAMES = ["linear_mse", "infonce", "chunk_mse"]


def lines(task):
    command = [sys.executable, "-m", "tests.faults.worker", task.json()]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.long
def test_trainings_side_by_side_under_load_are_the_bytes_of_each_alone():
    expected = {name: trainings.digest(trainings.arrays(name, 0)) for name in NAMES}
    task = Task(NAMES, 3.0, threads=3, burners=2, disturb=True, expected=expected)
    found = lines(task)
    assert {line["name"] for line in found} == set(NAMES)
    assert [line for line in found if not line["same"]] == []


@pytest.mark.long
def test_a_training_that_comes_out_otherwise_is_told_and_kept(tmp_path):
    name = "linear_mse"
    [line] = lines(Task([name], 0.0, expected={name: "another"}, keep=str(tmp_path)))
    assert not line["same"]
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}-{line['digest']}.npz"]
