"""A run goes on with the code and the libraries that it began with."""

import ast
from pathlib import Path

import pytest

import toysup
from toysup import grid, spec
from toysup.engine import sources
from toysup.engine.sources import PACKAGE
from toysup.errors import ToysupError

pytestmark = pytest.mark.slow

MAPPING = {
    "seeds": 2,
    "model": {"n_features": 5, "d_hidden": 2},
    "train": {"steps": 20, "batch_size": 16},
    "objective": {"mse": {}},
}
# They check, plan, store and name; what they decide is in the manifest, or changes no result.
ELSEWHERE = ("errors.py", "files/", "grid/", "registry/", "spec/", "storage/parquet.py")
ELSEWHERE += ("storage/store.py", "__init__.py")
ENTRIES = ("engine/chunk.py", "storage/rows.py")


def imported(file):
    """The files of the package that a file imports."""
    for node in ast.walk(ast.parse((PACKAGE / file).read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("toysup"):
            for name in ("", *(alias.name for alias in node.names)):
                place = PACKAGE.parent / "/".join(filter(None, [*node.module.split("."), name]))
                for path in (place.with_suffix(".py"), place / "__init__.py"):
                    if path.is_file():
                        yield path.relative_to(PACKAGE).as_posix()


def test_every_module_that_training_and_measuring_imports_is_compared():
    known = sources.sources(grid.plan(spec.parse(MAPPING)))
    seen, waiting = set(), list(ENTRIES)
    while waiting:
        file = waiting.pop()
        if file not in seen and not file.startswith(ELSEWHERE):
            seen.add(file)
            waiting += imported(file)
    assert sorted(seen - known.keys()) == []
    assert "objectives/mse.py" in known
    assert "objectives/vae.py" not in known


def test_comments_and_docstrings_are_not_compared(tmp_path):
    texts = {
        "a.py": '"""Doc."""\ndef f(x):\n    """Doc."""\n    return x + 1\n',
        "b.py": "def f(x):\n    # why\n    return (x + 1)\n",
        "c.py": "def f(x):\n    return x + 2\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    a, b, c = (sources.digest(tmp_path / name) for name in texts)
    assert a == b != c


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"digest": lambda path: path.name}, r"toysup's code: batch/__init__.py, .* and \d+ more"),
        pytest.param(
            {"version": lambda name: "9.9"},
            "jax: .* -> 9.9; jaxlib: .* -> 9.9; flax",
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_run_is_not_gone_on_with_by_other_code(tmp_path, monkeypatch, changed, says):
    run = tmp_path / "run"
    toysup.sweep(MAPPING, run)
    before = {path: path.read_bytes() for path in run.rglob("*.parquet")}
    for name, other in changed.items():
        monkeypatch.setattr(sources, name, other)
    with pytest.raises(ToysupError, match=says):
        toysup.sweep(MAPPING, run)
    assert {path: path.read_bytes() for path in Path(run).rglob("*.parquet")} == before
