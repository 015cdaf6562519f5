"""`plugins = ["cosine.py"]`: files of the user's that a sweep uses, beside the packaged ones.

A path is relative to the sweep file and below its folder, so that the folder can be moved whole.
"""

from pathlib import Path
from typing import Any

from toysup import registry
from toysup.errors import ToysupError
from toysup.registry import outside
from toysup.spec.faults import Faults, found
from toysup.spec.tables import PLUGINS

Trace = tuple[str, str, str]  # family, name, and the sha256 of the source

_named: list[Path] = []


def name_for_all(paths: list[Path]) -> None:
    """Have every sweep that is read from now on use these files too, wherever they are."""
    _named[:] = paths
    registry.use([outside.read(path) for path in paths])


def named() -> tuple[Path, ...]:
    """The files that every sweep uses."""
    return tuple(_named)


def read(raw: Any, folder: Path, faults: Faults) -> tuple[Trace, ...]:
    """Have the registry use the files that a sweep in `folder` names; their traces, in order.

    Pictures leave no trace, as nothing that is trained or measured depends on them.
    """
    if not isinstance(raw, list | tuple) or not all(isinstance(path, str) for path in raw):
        faults.add(PLUGINS, f"must be a list of paths, found {found(raw)}.")
        raw = ()
    plugins = [outside.read(path) for path in _named]
    for path in raw:
        if not (folder / path).resolve().is_relative_to(folder.resolve()):
            faults.add(PLUGINS, f"has {found(path)}, which is not below the sweep file's folder.")
            continue
        try:
            plugins.append(outside.read(folder / path))
        except ToysupError as error:
            faults.say(faults.where, f"{PLUGINS}: {error}")
    try:
        registry.use(plugins)
    except ToysupError as error:
        registry.use(())
        faults.say(faults.where, f"{PLUGINS}: {error}")
    return tuple((p.family, p.name, p.digest) for p in plugins if p.family != "pictures")
