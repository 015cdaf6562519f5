"""The folder of a run is opened: a new run is planned, one of another sweep grows or is refused."""

import contextlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

from toysup import grid, registry
from toysup.engine import growing, machine, sources
from toysup.errors import ToysupError
from toysup.files.publish import user_errors
from toysup.grid import limits
from toysup.spec import Sweep
from toysup.spec.files import data_files
from toysup.storage.folder import OTHER_FOLDER, check_usable, clear
from toysup.storage.manifest import damaged
from toysup.storage.moved import forms
from toysup.storage.store import Store

GROW = "All of its instances are in this sweep: --extend keeps them and trains the rest. "


@contextlib.contextmanager
def fresh_folder(folder: Path) -> Iterator[Path]:
    """The first of NAME, NAME-2, NAME-3, ... that does not exist, made for this process alone.

    It is removed where nothing was begun in it.
    """
    folder = folder.resolve() if folder.name in ("", "..") else folder
    if not folder.name:
        raise ToysupError(f"{folder}: is no name for a run. Choose another folder with --out.")
    later = (folder.with_name(f"{folder.name}-{i}") for i in itertools.count(2))
    with user_errors(folder, "written", OTHER_FOLDER):
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = next(path for path in itertools.chain([folder], later) if is_made(path))
    try:
        yield made
    except BaseException:
        with contextlib.suppress(OSError):  # there is something in it
            made.rmdir()
        raise


def is_made(folder: Path) -> bool:
    """Make a folder; False where there is something: of two processes one makes it."""
    try:
        folder.mkdir()
    except FileExistsError:
        return False
    return True


@contextlib.contextmanager
def open_run(
    sweep: Sweep,
    folder: Path,
    command: str,
    devices: int,
    lanes: int | None,
    extend: bool = False,
) -> Iterator[tuple[Store, grid.Plan]]:
    """The store and plan of a sweep, for this process alone while it is open: a new one, or the one
    that this folder holds already, which grows into this sweep if it may `extend`.

    RefusedError when the plan does not fit in memory, BusyError when another process works there,
    ToysupError when the folder holds something else.
    """
    store = Store(folder)
    check_usable(folder)
    plan = None if os.path.lexists(store.manifest_path) else new_plan(sweep, devices, lanes)
    with store.lock():
        clear(folder)
        if os.path.lexists(store.manifest_path):  # maybe since a moment ago, by another process
            manifest = store.manifest()
            old, plan = plans_of(store, sweep, devices, lanes, extend)
            limits.check_memory(plan, devices)
            if plan is not old:
                now = about(plan, command, devices)
                content = growing.content(manifest, now, plan.growth > old.growth)
                store.create(content, registry.from_files())
                manifest = Store(folder).manifest()
            store = Store(folder, forms(manifest, growing.plans(manifest)))
        else:
            plan = plan or new_plan(sweep, devices, lanes)
            store.create(about(plan, command, devices), registry.from_files())
        yield store, plan


def new_plan(sweep: Sweep, devices: int, lanes: int | None) -> grid.Plan:
    """The plan of a run that is not begun, which fits in memory."""
    plan = machine.plan_for(sweep, devices, lanes)
    limits.check_memory(plan, devices)
    return plan


def about(plan: grid.Plan, command: str, devices: int) -> dict:
    """The content of a new run's manifest."""
    return {
        "command": command,
        "versions": sources.versions(devices),
        "data": growing.digests(plan.sweep),
        "sources": sources.sources(plan),
        "plan": plan.to_json(),
    }


def extended(store: Store, sweep: Sweep, devices: int, lanes: int | None) -> grid.Plan:
    """The plan that a run would grow into, or that of a new one. Nothing is written."""
    check_usable(store.folder)
    if not os.path.lexists(store.manifest_path):
        return machine.plan_for(sweep, devices, lanes)
    _, plan = plans_of(store, sweep, devices, lanes, extend=True)
    return plan


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
