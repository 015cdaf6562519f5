"""A small run with claims, to be trained again."""

import shutil
from pathlib import Path

import pytest

from toysup import spec
from toysup.engine import local
from toysup.storage.store import Store

SWEEP = {
    "seeds": 3,
    "measure": "directions",
    "model": {"n_features": 5, "d_hidden": 2},
    "train": {"steps": 200, "batch_size": 16, "learning_rate": 0.02},
    "features": {"independent": {"feature_probability": [0.1, 0.3, 0.6, 0.9]}},
    "objective": {"mse": {}, "masked_mse": {}},
    "claims": [
        {"name": "small", "says": "Losses are small.", "metric": "loss", "below": 1000}
        | {"predicted": "supported"},
    ],
}


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Path:
    return local.run(spec.parse(SWEEP), tmp_path_factory.mktemp("reproduce") / "run").folder


@pytest.fixture
def store(finished, tmp_path) -> Store:
    """A copy of it, to be changed."""
    shutil.copytree(finished, tmp_path / "run")
    return Store(tmp_path / "run")
