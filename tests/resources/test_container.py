"""A container or a scheduler that limits a process is heeded."""

import math

import pytest

from toysup.resources import container


@pytest.fixture
def group(tmp_path, monkeypatch):
    """Writes the files of a control group of this process."""

    def write(membership, **files):
        (tmp_path / "self").write_text(membership)
        for path, text in files.items():
            file = tmp_path / path.replace("__", "/").replace("-", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    monkeypatch.setattr(container, "ROOT", tmp_path)
    monkeypatch.setattr(container, "MEMBERSHIP", tmp_path / "self")
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: set(range(8)), raising=False)
    return write


def test_the_tightest_limit_on_the_way_to_the_root_counts(group):
    files = {"job__step__cpu-max": "max 100000", "job__cpu-max": "250000 100000"}
    group("0::/job/step\n", **files, **{"job__memory-max": "3000000\n", "memory-max": "max\n"})
    assert container.cores() == 3
    assert container.memory() == 3_000_000


def test_the_first_version_of_control_groups_limits_memory(group):
    group("4:memory:/job\n3:cpuset:/\n", **{"memory__memory-limit_in_bytes": "5000000"})
    assert container.memory() == 5_000_000
    assert container.cores() == 8


@pytest.mark.parametrize("membership", ["", "nonsense\n", "0::/gone\n"])
def test_without_limits_the_machine_counts(group, membership, monkeypatch):
    group(membership)
    assert container.cores() == 8
    assert 2**20 < container.memory() < math.inf
    monkeypatch.delattr("os.sysconf")
    assert container.memory() == math.inf
