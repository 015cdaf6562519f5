"""What of a run is on its way through Dask: chunks that wait, tasks, and workers that are fit.

A few tasks for each worker are under way at a time, so that the client and the scheduler hold
little whatever the size of the sweep.
"""

import contextlib
import itertools
import math
import queue
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
from distributed import CancelledError, KilledWorker

from toysup import grid
from toysup.engine import dask_worker
from toysup.engine.dask_homes import REFILL, Batch, Homes
from toysup.engine.environment import process
from toysup.engine.local import LocalRun, Trained
from toysup.errors import ToysupError
from toysup.files.shown import line

AGAIN = 3  # how often a chunk is tried again; Dask's default where workers die is the same
# A worker trains one chunk, has the next, and one more is on its way. Some wait where there is no
# worker yet, so that a cluster that starts workers by need sees that there is work.
TASKS_OF_WORKER, FEWEST_TASKS = 3, 16
LOOK_SECONDS = 2.0  # between two looks at which workers there are
HEAR_SECONDS = 0.2  # between two looks for a signal
PATIENCE_SECONDS = 10.0  # for a worker that is fit, where others are
FETCH_SECONDS = 60.0  # a result that takes longer went with its worker, and is made again


class Task(NamedTuple):
    """A chunk that is under way. `workers` are those that may train it; None is all."""

    chunk: grid.Chunk
    future: Any
    workers: frozenset[str] | None


class Tasks:
    """The chunks of a run that wait, that are under way, and that failed each time."""

    def __init__(self, client, run: LocalRun, missing: Sequence[grid.Chunk]):
        self.client, self.run = client, run
        self.waiting = Homes(missing)
        self.under_way: dict[Any, Task] = {}
        self.failed: list[str] = []
        self.ended: queue.SimpleQueue = queue.SimpleQueue()  # futures
        self.order = dask_worker.order(run.store, run.plan, run.devices)
        self.numbers = {chunk.id: number for number, chunk in enumerate(run.plan.chunks)}
        self.keys = zip(itertools.repeat(f"toysup-{uuid.uuid4().hex}"), itertools.count())
        self.workers = Workers(client)

    @property
    def left(self) -> bool:
        return bool(self.waiting or self.under_way)

    def submit(self) -> None:
        """Have as many tasks under way as keep the workers busy."""
        if self.client.status != "running":  # it connects again
            return
        if self.workers.look():
            self.take_back()
        for batch in list(self.batches()):
            self.send(batch)

    def batches(self) -> Iterator[Batch]:
        """The chunks that are to be under way now, beside those that are."""
        workers, most = self.workers, self.workers.most_tasks
        room = min(len(self.waiting), most - len(self.under_way))
        if room <= 0:
            return
        if workers.there and workers.fit is None:
            each = most / sum(workers.there.values())
            yield from self.waiting.take(room, each, workers.there)
        elif len(self.under_way) <= REFILL * most:
            yield self.waiting.take_any(room)._replace(workers=workers.fit)

    def send(self, batch: Batch) -> None:
        """Have chunks trained. Where some workers are not fit, none but the batch's may take them;
        else they are those that take them first."""
        futures = self.client.map(
            dask_worker.train,
            [self.order] * len(batch.chunks),
            [self.numbers[chunk.id] for chunk in batch.chunks],
            key=[next(self.keys) for _ in batch.chunks],
            retries=AGAIN,
            workers=batch.workers and sorted(batch.workers),
            allow_other_workers=bool(batch.workers) and self.workers.fit is None,
            pure=False,
        )
        only = self.workers.fit and batch.workers
        for chunk, future in zip(batch.chunks, futures, strict=True):
            self.under_way[future.key] = Task(chunk, future, only)
            future.add_done_callback(self.ended.put)

    def take_back(self) -> None:
        """Have tasks wait again that no worker which is there may train."""
        there = self.workers.there.keys()
        lost = [t for t in self.under_way.values() if t.workers and there.isdisjoint(t.workers)]
        for task in lost:
            del self.under_way[task.future.key]
            task.future.cancel()
            self.waiting.put_back(task.chunk)

    def wait(self) -> Trained | None:
        """A chunk that is trained; None where there is none soon."""
        try:
            future = self.ended.get(timeout=HEAR_SECONDS)
        except queue.Empty:
            return None
        if future.key not in self.under_way:  # it was taken back
            return None
        chunk, status = self.under_way[future.key].chunk, future.status
        answer: dict | None = None
        try:
            if status == "finished":
                answer = future.result(timeout=FETCH_SECONDS)
            elif status == "error":
                self.fail(chunk, future.exception(timeout=FETCH_SECONDS))
            elif status != "cancelled":
                raise TimeoutError
        except (TimeoutError, CancelledError, KilledWorker):  # it went with its worker: once more
            future.add_done_callback(self.ended.put)
            return None
        del self.under_way[future.key]
        if answer and not answer["refused"]:
            self.waiting.end(chunk)
            told = {name: answer[name] for name in ("seconds", "host", "worker")}
            return Trained(chunk, pa.ipc.open_stream(answer["part"]).read_all(), told)
        if answer:
            self.workers.refuse(answer)
        if status == "error":
            self.waiting.end(chunk)
        else:  # refused, or cancelled, where the connection was lost
            self.waiting.put_back(chunk)
        return None

    def fail(self, chunk: grid.Chunk, error: BaseException) -> None:
        """Note a chunk that failed each time. ToysupError where no task can be run at all."""
        if isinstance(error, KilledWorker):
            reason = "each worker that trained it died"
        elif isinstance(error, RuntimeError):
            reason = line(str(error).strip().splitlines()[-1])
        else:
            raise ToysupError(
                f"Workers of Dask cannot run toysup ({type(error).__name__}: {error}). "
                "The scheduler and the workers need what is installed here."
            )
        process.say(f"chunk {chunk.id} failed: {reason}")
        self.failed.append(f"{chunk.id} ({reason})")
        self.run.store.log(chunk=chunk.id, failed=str(error))


class Workers:
    """The workers that there are, and those that are not fit for this run."""

    def __init__(self, client):
        self.client = client
        self.there: dict[str, int] = {}  # their numbers of threads, by address
        self.refused: dict[str, str] = {}
        self.looked = self.fit_at = -math.inf

    def look(self) -> bool:
        """See which workers there are, unless that was a moment ago."""
        if time.monotonic() < self.looked + LOOK_SECONDS:
            return False
        self.looked = time.monotonic()
        with contextlib.suppress(OSError, TimeoutError):
            self.there = dict(
                self.client.sync(self.client.scheduler.ncores, callback_timeout=LOOK_SECONDS)
            )
        if not self.there:
            process.say("no worker of Dask is there; waiting for one.")
        if not self.there or self.fit != frozenset():
            self.fit_at = self.looked
        elif self.looked > self.fit_at + PATIENCE_SECONDS:
            words = "; ".join(f"{address} ({why})" for address, why in self.refused.items())
            raise ToysupError(
                f"No worker of Dask is fit for this run: {words}. "
                "Start workers with what is installed here, on machines of this kind."
            )
        return True

    @property
    def fit(self) -> frozenset[str] | None:
        """The workers that may train; None where that is all of them."""
        return frozenset(self.there.keys() - self.refused.keys()) if self.refused else None

    @property
    def most_tasks(self) -> int:
        """How many tasks may be under way."""
        if self.fit is None:
            return max(FEWEST_TASKS, TASKS_OF_WORKER * sum(self.there.values()))
        return TASKS_OF_WORKER * sum(self.there[address] for address in self.fit)

    def refuse(self, answer: dict) -> None:
        """Give a worker nothing more, and say why."""
        address, reasons = answer["worker"], "; ".join(answer["refused"])
        self.refused[address] = reasons
        self.looked = -math.inf
        process.say(f"worker {address} on {answer['host']} is not fit for this run: {reasons}.")
