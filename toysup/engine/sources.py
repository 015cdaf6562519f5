"""The code and the libraries that a run's results depend on: a run goes on with the same ones only.

Comments, docstrings and layout change no result, and are left out of what is compared.
"""

import ast
import hashlib
import inspect
from functools import cache
from importlib.metadata import version
from pathlib import Path

from toysup import registry
from toysup.grid import Plan
from toysup.vectors.usable import usable

PACKAGE = Path(__file__).parents[1]
# What trains and measures, whichever plug-ins a sweep has. A test follows the imports.
ALWAYS = (
    "batch",
    "columns",
    "engine/chunk.py",
    "geometry",
    "kernels",
    "measure",
    "metrics",
    "storage/rows.py",
    "storage/values.py",
    "theory",
    "train.py",
    "vectors",
    "weights.py",
)
LIBRARIES = ("jax", "jaxlib", "flax", "optax", "llvmlite", "numpy", "scipy")


@cache
def digest(path: Path) -> str:
    """What a file says to Python, or else its bytes, in short."""
    data = path.read_bytes()
    if path.suffix == ".py":
        data = ast.dump(without_docstrings(ast.parse(data))).encode()
    return hashlib.sha256(data).hexdigest()[:12]


def without_docstrings(tree: ast.Module) -> ast.Module:
    """The same code without what it says of itself."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def files(plan: Plan) -> list[Path]:
    """The files that a plan's results depend on; those that a sweep names are in its plan."""
    places = [PACKAGE / place for place in ALWAYS]
    found = {file for place in places for file in (place.rglob("*") if place.is_dir() else [place])}
    used = {plugin for condition in plan.conditions for plugin in condition.plugins}
    used |= {("metrics", name) for name in registry.names("metrics")}
    named = {(family, name) for family, name, _ in plan.sweep.plugins}
    for family, name in used - named:
        if name in registry.packaged(family):
            folder = PACKAGE / registry.FAMILIES[family].folder
            found |= {*folder.glob("_*.py"), folder / f"{name}.py"}
        else:  # another package's
            found.add(Path(inspect.getfile(registry.load(family, name))))
    return sorted(file for file in found if file.is_file() and file.suffix in (".py", ".json"))


def sources(plan: Plan) -> dict[str, str]:
    """The digest of each of these files, by its path in the package; of another package's plug-in
    by its name alone."""

    def label(file: Path) -> str:
        ours = file.is_relative_to(PACKAGE)
        return file.relative_to(PACKAGE).as_posix() if ours else file.name

    return {label(file): digest(file) for file in files(plan)}


def libraries() -> dict[str, str]:
    """The versions of the libraries that a result's bytes depend on, and whether kernels run."""
    kernels = "on" if usable() else "off"
    return {name: version(name) for name in LIBRARIES} | {"kernels": kernels}


def changed(manifest: dict, plan: Plan) -> list[str]:
    """What is not as it was when the run of a manifest began, in words."""
    before, now = manifest.get("sources", {}), sources(plan)
    differ = [path for path in {**before, **now} if before.get(path) != now.get(path)]
    shown = ", ".join(differ[:3]) + (f" and {len(differ) - 3} more" if len(differ) > 3 else "")
    versions, here = manifest["versions"], libraries()
    lines = [
        f"{name}: {versions.get(name)} -> {now}"
        for name, now in here.items()
        if versions.get(name) != now
    ]
    return [*([f"toysup's code: {shown}"] if differ else []), *lines]
