"""Plug-ins that other installed packages publish."""

import importlib.metadata
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from toysup import grid, registry, spec
from toysup.engine import sources
from toysup.errors import ToysupError
from toysup.objectives import mse
from toysup.objectives.mse import MSE
from toysup.registry import installed, outside
from toysup.views.identity import Identity


@pytest.fixture
def publish(monkeypatch):
    """Publishes classes under names, as a package's metadata does."""

    def publish(**named):
        module = ModuleType("some_package")
        points = []
        for name, (family, cls) in named.items():
            setattr(module, name, cls)
            value = f"some_package:{name if cls else 'missing'}"
            points.append(EntryPoint(f"{family}.{name}", value, installed.GROUP))
        monkeypatch.setitem(sys.modules, "some_package", module)
        monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: points)
        forget()

    yield publish
    monkeypatch.undo()
    forget()


def forget():
    installed.published.cache_clear()
    registry.forget()


def test_a_published_plugin_is_used_like_a_packaged_one(publish):
    publish(theirs=("objectives", MSE))
    assert "theirs" in registry.names("objectives")
    assert registry.load("objectives", "theirs") is MSE
    assert registry.origin("objectives", "theirs") == "an installed package, some_package:theirs"
    made = spec.parse({"objective": {"theirs": {"importance_decay": 0.5}}})
    assert made.objective["theirs"]["importance_decay"] == (0.5,)


def test_one_that_cannot_be_imported_or_is_of_another_family_is_one_line(publish):
    publish(gone=("objectives", None), other=("objectives", Identity))
    with pytest.raises(ToysupError, match="some_package:missing: gone cannot be imported"):
        registry.load("objectives", "gone")
    with pytest.raises(ToysupError, match="is not of the family objectives"):
        registry.load("objectives", "other")


def test_a_packaged_plugin_comes_before_one_of_the_same_name(publish):
    publish(mse=("objectives", Identity))
    assert registry.load("objectives", "mse") is MSE
    assert registry.names("objectives").count("mse") == 1


@pytest.mark.slow
def test_the_source_of_a_published_plugin_is_compared_when_a_run_goes_on(publish, tmp_path):
    path = tmp_path / "theirs.py"
    path.write_text(Path(mse.__file__).read_text().replace("class MSE", "class Theirs"))
    digests = []
    for text in ("", "\nCHANGED = 1\n"):
        path.write_text(path.read_text() + text)
        publish(theirs=("objectives", outside.read(path).cls))
        plan = grid.plan(spec.parse({"objective": {"theirs": {}}}))
        sources.digest.cache_clear()
        digests.append(sources.sources(plan)["theirs.py"])
    assert digests[0] != digests[1]
