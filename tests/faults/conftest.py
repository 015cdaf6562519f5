"""One finished run for all tests of a process."""

import shutil
from pathlib import Path

import pytest

from tests.faults.runs import mini
from toysup import spec
from toysup.engine import local
from toysup.storage.store import Store


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("faults")
    return local.run(spec.read(mini(folder)), folder / "run").folder


@pytest.fixture
def store(finished, tmp_path) -> Store:
    """A copy of it, to be changed."""
    shutil.copytree(finished, tmp_path / "run")
    return Store(tmp_path / "run")
