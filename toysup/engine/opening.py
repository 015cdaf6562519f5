"""The folder of a run is opened: a new run is planned, one of another sweep is refused."""

import itertools
from pathlib import Path

from toysup import grid, registry
from toysup.engine import machine, sources
from toysup.errors import DamagedError, ToysupError
from toysup.files.publish import user_errors
from toysup.grid import limits
from toysup.spec import Sweep
from toysup.spec.files import data_files
from toysup.storage.store import Store


def fresh_folder(folder: Path) -> Path:
    """The first of NAME, NAME-2, NAME-3, ... that does not exist."""
    folder = folder.resolve() if folder.name in ("", "..") else folder
    if not folder.name:
        raise ToysupError(f"{folder}: is no name for a run. Choose another folder with --out.")
    later = (folder.with_name(f"{folder.name}-{i}") for i in itertools.count(2))
    with user_errors(folder, "read"):
        return next(path for path in itertools.chain([folder], later) if not path.exists())


def open_run(
    sweep: Sweep, folder: Path, command: str, devices: int, lanes: int | None
) -> tuple[Store, grid.Plan]:
    """The store and plan of a sweep: a new one, or the one that this folder holds already.

    RefusedError when the plan does not fit in memory, ToysupError when the folder holds something
    else.
    """
    store = Store(folder)
    with user_errors(folder, "read"):
        known, there = store.manifest_path.exists(), folder.exists()
    if known:
        plan = plan_of(store, sweep, devices, lanes)
        limits.check_memory(plan, devices)
        return store, plan
    begun = {"parts", "plugins"}  # what a run has before its manifest
    if there and (not folder.is_dir() or {path.name for path in folder.iterdir()} - begun):
        raise ToysupError(f"{folder}: exists and is not a run. Choose another folder with --out.")
    plan = machine.plan_for(sweep, devices, lanes)
    limits.check_memory(plan, devices)
    data = {file.path: file.digest for file in data_files(sweep)}
    about = {"command": command, "versions": sources.versions(devices), "data": data}
    about["sources"] = sources.sources(plan)
    store.create({**about, "plan": plan.to_json()}, registry.from_files())
    return store, plan


def plan_of(store: Store, sweep: Sweep, devices: int, lanes: int | None) -> grid.Plan:
    """The plan of a run that is there, refused when it is not the plan of this sweep."""
    manifest = store.manifest()
    try:
        plan = grid.Plan.from_json(manifest["plan"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DamagedError(
            f"{store.manifest_path}: is damaged. Start over with --fresh."
        ) from error
    changes = grid.difference(plan.sweep, sweep)
    if not changes:
        changes += sources.changed(manifest, plan, devices)
    changes += [
        f"--lanes: {stack.group} -> {lanes}"
        for stack in plan.stacks[:1]
        if lanes and lanes != stack.group
    ]
    refuse(store.folder, [*changes, *changed_data(manifest, sweep)])
    return plan


def changed_data(manifest: dict, sweep: Sweep) -> list[str]:
    """A line for each file of the sweep that is not what it was when the run began."""
    known = manifest.get("data", {})
    return [
        f"{file.table}: {file.path} has changed"
        for file in data_files(sweep)
        if known.get(file.path, file.digest) != file.digest
    ]


def refuse(folder: Path, changes: list[str]) -> None:
    """Leave a run alone that was made of other things."""
    if changes:
        raise ToysupError(
            f"{folder}: holds another sweep, and is left as it is: {'; '.join(changes)}. "
            f"Start over in a new folder with --fresh, or choose one with --out."
        )
