"""Who runs the chunks of a plan: here, one after the other in this process.

Chunks that are already on disk are not run again, so interrupted work goes on where it stopped.
"""

import contextlib
import platform
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from toysup import grid
from toysup.engine import chunk as trainer
from toysup.engine import compilation, environment, machine
from toysup.engine.going_on import changed_data, refuse
from toysup.engine.opening import open_run
from toysup.engine.session import Session, Update
from toysup.engine.signals import Signals
from toysup.errors import ToysupError
from toysup.files import data
from toysup.grid import limits
from toysup.spec import Sweep
from toysup.storage import rows as results
from toysup.storage.shard import WHOLE, Shard
from toysup.storage.store import Store


def run(
    sweep: Sweep,
    folder: Path,
    command: str | None = None,
    callback: Callable[[Update], None] = lambda update: None,
    devices: int | None = None,
    lanes: int | None = None,
    signals: Signals | None = None,
    extend: bool = False,
    shard: Shard = WHOLE,
) -> Store:
    """Train what is missing of a sweep in `folder` and publish its results.

    `extend` lets a run that is there grow into the sweep. A `shard` trains its own chunks and waits
    for no other one; the results are published when all chunks are there.
    `devices` are by default all cores or GPUs, `lanes` side by side as many as fit a core's cache.
    `callback` is called after each segment of training. `command` is what resumes the run.
    `signals` are heard already, or else for the time of the run.

    Raises Interrupted after SIGINT, SIGTERM or SIGHUP (finished chunks stay), BusyError when
    another process works there, RefusedError when the sweep does not fit in memory, ToysupError
    when the folder holds something else.
    """
    command = command or f"the same call, for {folder}"
    with contextlib.nullcontext(signals) if signals else Signals() as signals:
        devices = machine.configure(devices)
        data.start_at(sweep.folder)
        with (
            environment.settings(),
            open_run(sweep, folder, command, devices, lanes, extend, shard) as (store, plan),
        ):
            opened = LocalRun(store, plan, command, signals, callback, devices, shard)
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
    shard: Shard = WHOLE

    def finish(self) -> None:
        """Train what is missing, and publish the results where that was the last."""
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
        """Train chunks one after the other; each is on disk before the next one starts."""
        manifest = self.store.manifest()
        session = Session(
            self.plan,
            self.shard.share(self.plan.chunks),
            missing,
            self.callback,
            lambda: self.store.done(manifest),
        )
        with compiled_ahead(self.plan, missing, self.devices) as wait_until_compiled:
            for chunk in missing:
                began = time.perf_counter()
                self.signals.stop()

                def on_segment(progress, chunk=chunk):
                    session.update(chunk, progress)
                    self.signals.stop()

                wait_until_compiled(chunk)
                measured = trainer.run(self.plan, chunk, on_segment, self.devices)
                compilation.seal()
                table = results.table(self.plan, chunk, measured)
                refuse(self.store.folder, changed_data(manifest, self.plan.sweep))
                self.store.write_part(chunk, table)
                session.finish(chunk, results.count_diverged(table))
                seconds = round(time.perf_counter() - began, 3)
                self.store.log(chunk=chunk.id, seconds=seconds, host=platform.node())

    def stopped(self) -> str:
        """What a signal leaves of the run, with the command that resumes it."""
        done, chunks = self.store.done(self.store.manifest())
        with contextlib.suppress(ToysupError):  # a full disk must not keep the process from ending
            self.store.log(stopped=True, chunks_done=done)
        if self.store.claim:  # the process may end before it comes to that
            self.store.claim.end()
        return (
            f"Stopped. {done} of {chunks} chunks are saved in {self.store.folder}. "
            f"Go on with: {self.command}{'' if self.shard == WHOLE else f' --shard {self.shard}'}"
        )


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
