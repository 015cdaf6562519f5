"""The chunks of a plan as tasks of dask.distributed, on many machines or on this one.

Dask decides which worker trains what, and has it trained elsewhere when a worker dies. Rows come
back as Arrow bytes, so that workers need no folder in common with the client.
"""

import contextlib
import math
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from toysup import grid
from toysup.engine import dask_cluster, machine
from toysup.engine.chunk import Progress
from toysup.engine.local import LocalRun, Trained
from toysup.engine.session import Session
from toysup.errors import BusyError, FailedError
from toysup.files.called import as_called

SHOWN = 5  # failed chunks in a line


class OnDask:
    """Trains chunks as tasks: on the cluster whose scheduler has this address, or for `local:N` on
    N processes of this machine."""

    def __init__(self, address: str):
        self.address = address
        self.client: Any = None

    def devices(self, asked: int | None) -> int:
        dask_cluster.begin(self.address)
        return machine.configure_workers(asked)

    @contextlib.contextmanager
    def ready(self) -> Iterator[None]:
        with dask_cluster.connected(self.address) as self.client:
            yield

    def train(
        self, run: LocalRun, missing: list[grid.Chunk], session: Session
    ) -> Generator[Trained, None, None]:
        """FailedError at the end, with the chunks that failed each time; BusyError where the
        scheduler is gone; ToysupError where no worker is fit for this run."""
        from toysup.engine.dask_tasks import AGAIN, Tasks

        tasks = Tasks(self.client, run, missing)
        while tasks.left:
            run.signals.stop()
            if self.client.status == "closed":
                raise BusyError(f"--dask {self.address}: the scheduler is gone. {run.stopped()}")
            tasks.submit()
            trained = tasks.wait()
            if trained:
                yield trained
                session.update(trained.chunk, progress_of(trained.rows))
        if tasks.failed:
            more = f"; and {len(tasks.failed) - SHOWN} more" if len(tasks.failed) > SHOWN else ""
            raise FailedError(
                f"{run.store.folder}: {len(tasks.failed)} of {len(run.plan.chunks)} chunks failed "
                f"each of {AGAIN + 1} times: {'; '.join(tasks.failed[:SHOWN])}{more}. The others "
                f"are saved, and events.jsonl there says more. "
                f"Try again with: {as_called(run.command)}"
            )


def progress_of(rows: pa.Table) -> Progress:
    """What is told when a chunk is finished, and counted already."""
    losses = rows.column("loss").to_numpy()
    finite = losses[np.isfinite(losses)]
    return Progress(0.0, len(losses), float(finite.mean()) if finite.size else math.nan, 0)
