"""The folder of a run is opened: a new run is planned, one of another sweep grows or is refused."""

import contextlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

from toysup import grid, registry
from toysup.engine import growing, machine, sources
from toysup.engine.disk import check_disk
from toysup.engine.going_on import plans_of
from toysup.errors import ToysupError
from toysup.files.publish import user_errors
from toysup.grid import limits
from toysup.spec import Sweep
from toysup.storage.folder import OTHER_FOLDER, check_usable, clear
from toysup.storage.moved import forms
from toysup.storage.shard import WHOLE, Shard
from toysup.storage.store import Store


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
    shard: Shard = WHOLE,
) -> Iterator[tuple[Store, grid.Plan]]:
    """The store and plan of a sweep, for this process alone while it is open: a new one, or the one
    that this folder holds already, which grows into this sweep if it may `extend`.

    A `shard` is open beside the others, of which the first one makes the plan of all. One that may
    `extend` the run is open when no other one is.

    RefusedError when the plan does not fit in memory or on disk, BusyError when another process
    works there, ToysupError when the folder holds something else.
    """
    store = Store(folder)
    check_usable(folder)
    is_new = not os.path.lexists(store.manifest_path)
    plan = new_plan(sweep, devices, lanes, folder) if is_new else None
    with store.lock(shard, alone=extend) as claim:
        if shard == WHOLE:
            clear(folder)
        if not os.path.lexists(store.manifest_path):  # nor since a moment ago, by another process
            plan = plan or new_plan(sweep, devices, lanes, folder)
            if store.begin(about(plan, command, devices), registry.from_files()):
                yield Store(folder, claim=claim), plan
                return
        manifest = store.manifest()
        old, plan = plans_of(store, sweep, devices, lanes, extend)
        limits.check_memory(plan, devices)
        check_disk(plan, store.missing(plan.chunks), folder)
        if plan is not old:
            now = about(plan, command, devices)
            content = growing.content(manifest, now, plan.growth > old.growth)
            store.create(content, registry.from_files())
            manifest = Store(folder).manifest()
        yield Store(folder, forms(manifest, growing.plans(manifest)), claim), plan


def new_plan(sweep: Sweep, devices: int, lanes: int | None, folder: Path) -> grid.Plan:
    """The plan of a run that is not begun, which fits in memory and on the disk of a folder."""
    plan = machine.plan_for(sweep, devices, lanes)
    limits.check_memory(plan, devices)
    check_disk(plan, plan.chunks, folder)
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
