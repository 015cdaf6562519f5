"""The code and the libraries that a run's results depend on: a run goes on with the same ones only.

Comments, docstrings and layout change no result, and are left out of what is compared.
"""

import ast
import hashlib
import inspect
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

import jax

from toysup import __version__, registry
from toysup.engine import environment
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
VECTORS = ("avx2", "fma", "avx512f", "asimd", "sve")
TOLD_BY_SOURCES = ("toysup", "python")  # a digest of the code says more
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


def always() -> set[Path]:
    """The files that train and measure, whichever plug-ins a sweep has."""
    places = [PACKAGE / place for place in ALWAYS]
    return {file for place in places for file in (place.rglob("*") if place.is_dir() else [place])}


def read_ahead() -> None:
    """Keep what files say that every plan's results depend on."""
    for file in always():
        if file.suffix == ".py":
            digest(file)


def files(plan: Plan) -> list[Path]:
    """The files that a plan's results depend on; those that a sweep names are in its plan."""
    found = always()
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


def versions(devices: int) -> dict[str, str]:
    """What the bytes of a run's results depend on beside its sweep and its code: the libraries, the
    kind of device and whether more than one works, XLA's flags, the processor's instructions for
    vectors, and whether kernels run."""
    return {
        "toysup": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "kernels": "on" if usable() else "off",
        "device": jax.devices()[0].device_kind,
        "devices": "one" if devices == 1 else "several",
        "platform": f"{platform.system()} {platform.machine()}",
        "instructions": instructions(),
        "XLA_FLAGS": environment.flags(),
    }


def instructions() -> str:
    """Those of the processor's instructions that decide how a compiler cuts a loop into vectors."""
    try:
        words = set(Path("/proc/cpuinfo").read_text().split())
    except OSError:  # not Linux: a Mac's are those of its platform
        return platform.processor()
    return " ".join(name for name in VECTORS if name in words)


def changed(manifest: dict, plan: Plan, devices: int) -> list[str]:
    """What is not as it was when the run of a manifest began, in words."""
    before, now = manifest.get("sources", {}), sources(plan)
    differ = [path for path in {**before, **now} if before.get(path) != now.get(path)]
    shown = ", ".join(differ[:3]) + (f" and {len(differ) - 3} more" if len(differ) > 3 else "")
    code = [f"toysup's code: {shown}"] if differ else []
    return code + changed_versions(manifest, devices)


def changed_versions(manifest: dict, devices: int) -> list[str]:
    """A line for each library, device or flag that is not what it was."""
    known = manifest["versions"]
    return [
        f"{name}: {known.get(name)} -> {here}"
        for name, here in versions(devices).items()
        if name not in TOLD_BY_SOURCES and known.get(name) != here
    ]
