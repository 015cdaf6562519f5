"""A run that is there goes on with its own sweep, code and data, grows, or is refused."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from toysup import grid
from toysup.engine import growing, sources
from toysup.errors import ToysupError
from toysup.spec import Sweep
from toysup.spec.files import data_files
from toysup.storage.manifest import damaged
from toysup.storage.store import Store

GROW = "All of its instances are in this sweep: --extend keeps them and trains the rest. "


def plans_of(
    store: Store, sweep: Sweep, devices: int, lanes: int | None, extend: bool
) -> tuple[grid.Plan, grid.Plan]:
    """The plan of a run that is there, and the same or, if it may `extend`, the plan of this sweep
    that it grows into. It is refused when it is not the run of this sweep and cannot grow."""
    manifest = store.manifest()
    with damage(store.manifest_path):
        known = Sweep.from_json(manifest["plan"]["sweep"])
        changes = grid.difference(known, sweep)
    if changes:
        check_growth(store, known, sweep, changes, extend)
    with damage(store.manifest_path):  # the sweep is one that was checked, or has its plug-ins
        old = growing.plans(manifest)[-1]
    changes = sources.changed(manifest, old, devices)
    changes += [
        f"--lanes: {stack.group} -> {lanes}"
        for stack in old.stacks[:1]
        if lanes and lanes != stack.group
    ]
    refuse(store.folder, [*changes, *changed_data(manifest, sweep)])
    grows = extend and old.sweep != sweep
    return old, growing.grown(old, sweep, devices) if grows else old


def check_growth(store: Store, old: Sweep, new: Sweep, changes: list[str], extend: bool) -> None:
    """Refuse a sweep that its run cannot grow into, or may not without `extend`."""
    manifest, obstacle = store.manifest(), "unknown"
    unknown = contextlib.nullcontext() if extend else contextlib.suppress(ToysupError)
    with unknown, damage(store.manifest_path):
        obstacle = growing.obstacle(manifest, old, new)
    if not extend:
        refuse(store.folder, changes, "" if obstacle else GROW)
    if obstacle:
        growing.refuse(store.folder, [*changes, *changed_data(manifest, new)], obstacle)


@contextlib.contextmanager
def damage(path: Path) -> Iterator[None]:
    """What makes no sweep or plan is a damaged manifest."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged(path) from error


def changed_data(manifest: dict, sweep: Sweep) -> list[str]:
    """A line for each file of the sweep that is not what it was when the run began."""
    known = manifest.get("data", {})
    return [
        f"{file.table}: {file.path} has changed"
        for file in data_files(sweep)
        if known.get(file.path, file.digest) != file.digest
    ]


def refuse(folder: Path, changes: list[str], remedy: str = "") -> None:
    """Leave a run alone that was made of other things. `remedy` is what helps beside a new run."""
    if changes:
        raise ToysupError(
            f"{folder}: was made with other inputs, and is left as it is ({'; '.join(changes)}). "
            f"{remedy}Start over in a new folder with --fresh, or choose one with --out."
        )
