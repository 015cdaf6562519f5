"""`plugins = ["cosine.py"]`: the user's own plug-in files that a sweep uses.

A path is relative to the sweep file and below its folder, so that the folder can be moved whole.
"""

from pathlib import Path
from typing import Any

from toysup import columns, registry
from toysup.errors import ToysupError
from toysup.registry import outside
from toysup.spec.faults import Faults, quote
from toysup.spec.tables import PLUGINS

PluginHash = tuple[str, str, str]  # family, name, and the sha256 of the source

_in_every_sweep: list[Path] = []


def use_in_every_sweep(paths: list[Path]) -> None:
    """Make every sweep that is read from now on use these files too, wherever they are."""
    _in_every_sweep[:] = paths
    registry.use([outside.read(path) for path in paths])


def used_in_every_sweep() -> tuple[Path, ...]:
    """The files that every sweep uses."""
    return tuple(_in_every_sweep)


def read(raw: Any, folder: Path, faults: Faults) -> tuple[PluginHash, ...]:
    """Register the files that a sweep in `folder` names, and return their hashes in order.

    Pictures have no hash, because training and measuring do not depend on them.
    """
    if not isinstance(raw, list | tuple) or not all(isinstance(path, str) for path in raw):
        faults.add(PLUGINS, f"must be a list of paths, found {quote(raw)}.")
        raw = ()
    plugins = [outside.read(path) for path in _in_every_sweep]
    for path in raw:
        if not (folder / path).resolve().is_relative_to(folder.resolve()):
            faults.add(PLUGINS, f"has {quote(path)}, which is not below the sweep file's folder.")
            continue
        try:
            plugins.append(outside.read(folder / path))
        except ToysupError as error:
            faults.add_line(faults.origin(PLUGINS), f"{PLUGINS}: {error}")
            faults.failed.add(Path(path).stem)
    try:
        registry.use(plugins)
        if plugins:
            columns.refuse_twice()
    except ToysupError as error:
        registry.use(())
        faults.add_line(faults.origin(PLUGINS), f"{PLUGINS}: {error}")
    return tuple((p.family, p.name, p.digest) for p in plugins if p.family != "pictures")
