"""A run is opened, its missing chunks are trained by an engine, and its results are published.

Chunks that are already on disk are not run again, so interrupted work goes on where it stopped. An
engine is who runs chunks: `Here` does, one after the other in this process. Only the process that
opened a run writes to its folder.
"""

import contextlib
import platform
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import pyarrow as pa

from toysup import grid
from toysup.engine import chunk as trainer
from toysup.engine import compilation, environment, machine
from toysup.engine.going_on import changed_data, refuse
from toysup.engine.opening import open_run
from toysup.engine.session import Session, Update
from toysup.engine.signals import Signals
from toysup.errors import ToysupError
from toysup.files import data
from toysup.files.called import as_called
from toysup.grid import limits
from toysup.spec import Sweep
from toysup.storage import rows as results
from toysup.storage.shard import WHOLE, Shard
from toysup.storage.store import Store


class Trained(NamedTuple):
    """A chunk that was trained, its rows, and what the run's log says of it."""

    chunk: grid.Chunk
    rows: pa.Table
    told: dict


class Engine(Protocol):
    """Who runs the chunks of a plan."""

    def devices(self, asked: int | None) -> int:
        """Start jax here; how many cores or cards work on a chunk, where it runs."""
        ...

    def ready(self) -> contextlib.AbstractContextManager:
        """Hold what is needed for the time of a run. ToysupError where it is not there."""
        ...

    def train(
        self, run: "LocalRun", missing: list[grid.Chunk], session: Session
    ) -> Generator[Trained, None, None]:
        """Train chunks in any order, and give each when it is done. A signal is looked for and the
        session updated often."""
        ...


def run(
    sweep: Sweep,
    folder: Path,
    command: str | None = None,
    callback: Callable[[Update], None] = lambda update: None,
    devices: int | None = None,
    lanes: int | None = None,
    signals: Signals | None = None,
    extend: bool = False,
    engine: Engine | None = None,
    shard: Shard = WHOLE,
) -> Store:
    """Train what is missing of a sweep in `folder` and publish its results.

    `extend` lets a run that is there grow into the sweep. A `shard` trains its own chunks and waits
    for no other one; the results are published when all chunks are there.
    `devices` are by default all cores or GPUs, `lanes` side by side as many as fit a core's cache.
    `callback` is called after each segment of training. `command` is what resumes the run.
    `signals` are heard already, or else for the time of the run. `engine` is by default `Here`.

    Raises Interrupted after SIGINT, SIGTERM or SIGHUP (finished chunks stay), BusyError when
    another process works there, RefusedError when the sweep does not fit in memory, ToysupError
    when the folder holds something else.
    """
    command, engine = command or f"the same call, for {folder}", engine or Here()
    with contextlib.nullcontext(signals) if signals else Signals() as signals:
        devices = engine.devices(devices)
        data.start_at(sweep.folder)
        with (
            environment.settings(),
            engine.ready(),
            open_run(sweep, folder, command, devices, lanes, extend, shard) as (store, plan),
        ):
            opened = LocalRun(store, plan, command, signals, callback, devices, engine, shard)
            signals.message = opened.stopped
            opened.finish()
    return store


@dataclass(frozen=True)
class LocalRun:
    """A run that is open in this process, and what is left to do in it."""

    store: Store
    plan: grid.Plan
    command: str
    signals: Signals
    callback: Callable[[Update], None]
    devices: int
    engine: Engine
    shard: Shard = WHOLE

    def finish(self) -> None:
        """Have trained what is missing, and publish the results where that was the last."""
        there, missing = self.store.trained(), []
        for chunk in self.shard.share(self.plan.chunks):
            if chunk.id in there:
                self.store.read_part(chunk)
            else:
                missing.append(chunk)
        if missing:
            self.train(missing)
        if self.store.is_trained():
            schema, at_once = results.schema(self.plan), limits.written_at_once(self.plan)
            self.store.conclude(self.plan.chunks, schema, at_once, anew=bool(missing))

    def train(self, missing: list[grid.Chunk]) -> None:
        """Have chunks trained, each of which is on disk as soon as the engine has its rows."""
        manifest = self.store.manifest()
        session = Session(
            self.plan,
            self.shard.share(self.plan.chunks),
            missing,
            self.callback,
            lambda: self.store.done(manifest),
        )
        with contextlib.closing(self.engine.train(self, missing, session)) as trained:
            for chunk, rows, told in trained:
                refuse(self.store.folder, changed_data(manifest, self.plan.sweep))
                self.store.write_part(chunk, rows)
                session.finish(chunk, results.count_diverged(rows))
                self.store.log(chunk=chunk.id, **told)

    def stopped(self) -> str:
        """What a signal leaves of the run, with the command that resumes it."""
        done, chunks = self.store.done(self.store.manifest())
        with contextlib.suppress(ToysupError):  # a full disk must not keep the process from ending
            self.store.log(stopped=True, chunks_done=done)
        if self.store.claim:  # the process may end before it comes to that
            self.store.claim.end()
        share = "" if self.shard == WHOLE else f" --shard {self.shard}"
        return (
            f"Stopped. {done} of {chunks} chunks are saved in {self.store.folder}. "
            f"Go on with: {as_called(self.command)}{share}"
        )


class Here:
    """Trains chunks in this process, one after the other; each is on disk before the next."""

    def devices(self, asked: int | None) -> int:
        return machine.configure(asked)

    def ready(self) -> contextlib.AbstractContextManager:
        return contextlib.nullcontext()

    def train(
        self, run: LocalRun, missing: list[grid.Chunk], session: Session
    ) -> Generator[Trained, None, None]:
        with compiled_ahead(run.plan, missing, run.devices) as wait_until_compiled:
            for chunk in missing:
                began = time.perf_counter()
                run.signals.stop()

                def on_segment(progress, chunk=chunk):
                    session.update(chunk, progress)
                    run.signals.stop()

                wait_until_compiled(chunk)
                measured = trainer.run(run.plan, chunk, on_segment, run.devices)
                compilation.seal()
                rows = results.table(run.plan, chunk, measured)
                seconds = round(time.perf_counter() - began, 3)
                yield Trained(chunk, rows, {"seconds": seconds, "host": platform.node()})


@contextlib.contextmanager
def compiled_ahead(plan, chunks, devices) -> Iterator[Callable[[grid.Chunk], None]]:
    """Compile the stacks of `chunks` in the background, except the first, which is needed now.

    Yields a function that waits until the stack of a chunk is compiled.
    """
    firsts = {program(chunk): chunk for chunk in reversed(chunks)}
    waiting = [first for name, first in sorted(firsts.items()) if name != program(chunks[0])]
    background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="compiler")
    coming = {
        program(c): background.submit(trainer.compile_ahead, plan, c, devices) for c in waiting
    }
    try:
        yield lambda chunk: coming[program(chunk)].result() if program(chunk) in coming else None
    finally:
        background.shutdown(wait=False, cancel_futures=True)


def program(chunk: grid.Chunk) -> tuple[int, int]:
    """What chunks that are compiled once have alike: chunks of a run that grew differ in lanes."""
    return chunk.stack, chunk.lanes
