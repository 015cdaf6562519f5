"""Who runs the chunks of a plan: here, one after the other in this process.

Chunks that are already on disk are not run again, so interrupted work goes on where it stopped.
"""

import contextlib
import itertools
import platform
import shlex
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from toysup import grid, registry
from toysup.engine import machine
from toysup.engine.session import Session, Update
from toysup.errors import INTERRUPTED, TERMINATED, DamagedError, Interrupted, ToysupError
from toysup.files.publish import told
from toysup.spec import Sweep
from toysup.spec.files import data_files
from toysup.storage.store import Store


def fresh_folder(folder: Path) -> Path:
    """The first of NAME, NAME-2, NAME-3, ... that does not exist."""
    folder = folder.resolve() if folder.name in ("", "..") else folder
    if not folder.name:
        raise ToysupError(f"{folder}: is no name for a run. Choose another folder with --out.")
    later = (folder.with_name(f"{folder.name}-{i}") for i in itertools.count(2))
    with told(folder, "read"):
        return next(path for path in itertools.chain([folder], later) if not path.exists())


def open_run(
    sweep: Sweep, folder: Path, command: str, devices: int, lanes: int | None
) -> tuple[Store, grid.Plan]:
    """The store and plan of a sweep: a new one, or the one that this folder holds already."""
    store = Store(folder)
    with told(folder, "read"):
        known, there = store.manifest_path.exists(), folder.exists()
    if known:
        manifest = store.manifest()
        try:
            plan = grid.Plan.from_json(manifest["plan"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DamagedError(
                f"{store.manifest_path}: is damaged. Start over with --fresh."
            ) from error
        changes = grid.difference(plan.sweep, sweep)
        if manifest["versions"].get("kernel") != str(machine.KERNEL):
            changes.append(f"toysup's kernel: {manifest['versions']['kernel']} -> {machine.KERNEL}")
        changes += [
            f"--lanes: {stack.group} -> {lanes}"
            for stack in plan.stacks[:1]
            if lanes and lanes != stack.group
        ]
        refuse(folder, [*changes, *changed_data(manifest, sweep)])
        return store, plan
    begun = {"parts", "plugins"}  # what a run has before its manifest
    if there and (not folder.is_dir() or {path.name for path in folder.iterdir()} - begun):
        raise ToysupError(f"{folder}: exists and is not a run. Choose another folder with --out.")
    plan = machine.plan_for(sweep, devices, lanes)
    data = {file.path: file.digest for file in data_files(sweep)}
    about = {"command": command, "versions": machine.versions(), "data": data}
    store.create({**about, "plan": plan.to_json()}, registry.from_files())
    return store, plan


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


class Signals:
    """Turns SIGINT and SIGTERM into a flag for the time of a `with` block."""

    def __enter__(self):
        self.caught: int | None = None
        self.previous = {}
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                self.previous[number] = signal.signal(number, self.catch)
            except ValueError:  # not the main thread: somebody else handles signals
                break
        return self

    def catch(self, number, frame):
        self.caught = number

    def __exit__(self, *_):
        for number, handler in self.previous.items():
            signal.signal(number, handler)


def command_line(
    source: str, small: bool, changes: Sequence[str], folder: Path, **numbers: int | None
) -> str:
    """The command that starts and resumes a run; `numbers` are options that were given."""
    version = ["--small"] if small else []
    sets = [word for change in changes for word in ("--set", change)]
    given = [word for name, n in numbers.items() if n for word in (f"--{name}", str(n))]
    return shlex.join(["toysup", "sweep", source, *version, *sets, *given, "--out", str(folder)])


def run(
    sweep: Sweep,
    folder: Path,
    command: str | None = None,
    listen: Callable[[Update], None] = lambda update: None,
    devices: int | None = None,
    lanes: int | None = None,
) -> Store:
    """Train what is missing of a sweep in `folder` and publish its results.

    `devices` are by default all cores or cards, `lanes` side by side as many as fit a core's cache.

    Raises Interrupted after SIGINT or SIGTERM (finished chunks stay), BusyError when another
    process works there, ToysupError when the folder holds something else.
    """
    command = command or f"the same call, for {folder}"
    with Signals() as signals:
        devices = machine.configure(devices)
        store, plan = open_run(sweep, folder, command, devices, lanes)
        finish(store, plan, command, signals, listen, devices)
    return store


def finish(store, plan, command, signals, listen, devices) -> None:
    """Train what is missing and publish the results, as the only process that does."""
    with store.lock():
        for chunk in plan.chunks:
            if store.part(chunk.id).exists():
                store.read_part(chunk)
        missing = [chunk for chunk in plan.chunks if not store.part(chunk.id).exists()]
        if missing:
            train_missing(store, plan, missing, signals, command, listen, devices)
        if missing or not store.results_path.exists():
            store.finalize(plan.chunks)


def train_missing(store, plan, missing, signals, command, listen, devices) -> None:
    """Train chunks one after the other; each is on disk before the next one starts."""
    from toysup.engine import chunk as trainer
    from toysup.storage import rows as results

    session, manifest = Session(plan, missing, listen), store.manifest()
    with compiled_ahead(plan, missing, devices) as compiled:
        for chunk in missing:
            began = time.perf_counter()
            if signals.caught:
                stop(store, plan, command, signals.caught)

            def on_segment(progress, chunk=chunk):
                session.hear(chunk, progress)
                if signals.caught:
                    stop(store, plan, command, signals.caught)

            compiled(chunk)
            table = results.table(plan, chunk, trainer.run(plan, chunk, on_segment, devices))
            refuse(store.folder, changed_data(manifest, plan.sweep))
            results.write_part(store, chunk, table)
            session.finish(chunk, results.count_diverged(table))
            seconds = round(time.perf_counter() - began, 3)
            store.log(chunk=chunk.id, seconds=seconds, host=platform.node())


@contextlib.contextmanager
def compiled_ahead(plan, chunks, devices) -> Iterator[Callable[[grid.Chunk], None]]:
    """Compile the stacks of `chunks` in the background, but for the first, which is needed now.

    Yields what waits until the stack of a chunk is compiled.
    """
    from toysup.engine.chunk import compile_ahead

    firsts = {chunk.stack: chunk for chunk in reversed(chunks)}
    waiting = [first for stack, first in sorted(firsts.items()) if stack != chunks[0].stack]
    background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="compiler")
    coming = {c.stack: background.submit(compile_ahead, plan, c, devices) for c in waiting}
    try:
        yield lambda chunk: coming[chunk.stack].result() if chunk.stack in coming else None
    finally:
        background.shutdown(wait=False, cancel_futures=True)


def stop(store, plan, command, number) -> None:
    done = sum(store.part(chunk.id).exists() for chunk in plan.chunks)
    store.log(stopped=signal.Signals(number).name, chunks_done=done)
    raise Interrupted(
        f"Stopped. {done} of {len(plan.chunks)} chunks are saved in {store.folder}. "
        f"Go on with: {command}",
        INTERRUPTED if number == signal.SIGINT else TERMINATED,
    )
