"""Name -> class of every plug-in: in go a family and a name; out comes what a file defines.

The folder is the registry of what is packaged: `toysup/objectives/infonce.py` registers `infonce`,
and its class is the one whose name reads the same without case and underscores (`InfoNCE`). What
else there is, `use` says: files of a sweep and of the command line; and what is installed declares
itself by an entry point.
"""

import dataclasses
import functools
import importlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from toysup.errors import ToysupError
from toysup.registry.installed import published
from toysup.registry.outside import Plugin
from toysup.registry.settings import Measure, Setting, setting, settings

__all__ = [
    "FAMILIES",
    "Family",
    "Measure",
    "Plugin",
    "Setting",
    "cached",
    "from_files",
    "load",
    "names",
    "origin",
    "setting",
    "settings",
    "summary",
    "use",
]

PACKAGE = Path(__file__).parents[1]


@dataclasses.dataclass(frozen=True)
class Family:
    """One kind of plug-in."""

    name: str  # as `toysup list` and a class's `family` say it
    noun: str
    folder: str  # of the packaged ones
    table: str = ""  # of a sweep file; "" where a sweep file has none
    implied: str = ""  # what a sweep file without the table has


FAMILIES = {
    family.name: family
    for family in (
        Family("objectives", "an objective", "objectives", "objective"),
        Family("features", "a feature distribution", "features", "features", "independent"),
        Family("views", "a view", "views", "views"),
        Family("encoders", "an encoder", "encoders", "encoder", "linear"),
        Family("metrics", "a metric", "metrics"),
        Family("pictures", "a picture", "reports/pictures"),
    )
}

_added: dict[tuple[str, str], Plugin] = {}
_caches: list[Callable[[], None]] = []
_times_changed = 0


def cached(function: Callable) -> Callable:
    """`functools.cache` for what depends on which plug-ins there are.

    A thread, as the one that compiles ahead, may still be at work on what is forgotten meanwhile:
    its answer is kept for the plug-ins that there were, where nobody finds it.
    """
    kept = functools.cache(lambda times_changed, *arguments: function(*arguments))
    _caches.append(kept.cache_clear)

    @functools.wraps(function)
    def of_now(*arguments):
        return kept(_times_changed, *arguments)

    return of_now


def use(plugins: Iterable[Plugin]) -> None:
    """Have these plug-ins from files beside the packaged and installed ones, and no others.

    ToysupError when a name is taken.
    """
    wanted: dict[tuple[str, str], Plugin] = {}
    for plugin in plugins:
        key = plugin.family, plugin.name
        if plugin.name in packaged(plugin.family):
            taken = f"toysup has {FAMILIES[plugin.family].noun} of that name"
        elif key in published():
            taken = f"{published()[key].origin} has it"
        elif wanted.get(key, plugin) != plugin:
            taken = f"{wanted[key].path} has it"
        else:
            wanted[key] = plugin
            continue
        raise ToysupError(f"{plugin.path}: the name {plugin.name} is taken: {taken}. Rename it.")
    global _added
    if wanted != _added:
        _added = wanted
        forget()


def forget() -> None:
    """Look anew for what there is."""
    global _times_changed
    _times_changed += 1
    for clear in _caches:
        clear()


def from_files() -> tuple[Plugin, ...]:
    """The plug-ins from files that are in use."""
    return tuple(_added.values())


@functools.cache
def packaged(family: str) -> tuple[str, ...]:
    """The modules of a family's folder, without importing them."""
    files = (PACKAGE / FAMILIES[family].folder).glob("*.py")
    return tuple(sorted(file.stem for file in files if not file.stem.startswith("_")))


@cached
def names(family: str) -> tuple[str, ...]:
    """The names of a family, without importing what is packaged or installed."""
    added = (name for kind, name in (*_added, *published()) if kind == family)
    return tuple(sorted({*packaged(family), *added}))


@cached
def load(family: str, name: str) -> type:
    """The class that `name` stands for in a family."""
    if name in packaged(family):
        folder = FAMILIES[family].folder.replace("/", ".")
        return named_like(importlib.import_module(f"toysup.{folder}.{name}"), name)
    if (family, name) in _added:
        return _added[family, name].cls
    return published()[family, name].load()


def origin(family: str, name: str) -> str:
    """Where a plug-in is from: "" if it is packaged, or its file, or who installed it."""
    if name in packaged(family):
        return ""
    if (family, name) in _added:
        return str(_added[family, name].path)
    return published()[family, name].origin


def named_like(module, name: str) -> type:
    """The class of a module whose name reads like `name` without case and underscores."""
    plain = name.replace("_", "")
    for value in vars(module).values():
        if isinstance(value, type) and value.__name__.lower() == plain:
            return value
    raise TypeError(f"{module.__file__} defines no class named like {plain!r}")


def summary(thing: Any) -> str:
    """The first sentence of a docstring."""
    return " ".join((thing.__doc__ or "").strip().split("\n\n")[0].split())
