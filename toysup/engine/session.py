"""What one call of `local.run` has done so far, and is left to do, as its callback is given it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toysup import grid


@dataclass(frozen=True)
class Update:
    """What a callback is given while a run goes on."""

    objective: str
    chunks_done: int
    chunks: int
    steps_done: int  # instance-steps of this session
    steps_left: int  # instance-steps
    loss: float
    diverged: int
    seconds: float
    of_run: tuple[int, int] | None = None  # for a shard: chunks of the run that are there, and all


class Session:
    """Counts what one call of `run` has done of its `chunks`, and calls the callback.

    `done` says how many chunks of the run are there, where others train, too.
    """

    def __init__(
        self,
        plan: grid.Plan,
        chunks: Sequence[grid.Chunk],
        missing: Sequence[grid.Chunk],
        callback: Callable[[Update], None],
        done: Callable[[], tuple[int, int]],
    ):
        self.plan, self.chunks, self.callback, self.done = plan, chunks, callback, done
        self.chunks_done = len(chunks) - len(missing)
        self.of_run = self.count()
        self.total = sum(map(self.work, missing))
        self.finished = self.diverged = 0
        self.began = time.perf_counter()

    def work(self, chunk: grid.Chunk) -> int:
        """The instance-steps of a chunk."""
        steps = self.plan.conditions[chunk.conditions[0]].settings["steps"]
        return len(chunk.conditions) * len(chunk.seeds) * steps

    def count(self) -> tuple[int, int] | None:
        return self.done() if len(self.chunks) < len(self.plan.chunks) else None

    def update(self, chunk: grid.Chunk, progress) -> None:
        done = self.finished + round(progress.done * self.work(chunk))
        self.callback(
            Update(
                objective=self.plan.conditions[chunk.conditions[0]].objective,
                chunks_done=self.chunks_done,
                chunks=len(self.chunks),
                steps_done=done,
                steps_left=self.total - done,
                loss=progress.loss,
                diverged=self.diverged + progress.diverged,
                seconds=time.perf_counter() - self.began,
                of_run=self.of_run,
            )
        )

    def finish(self, chunk: grid.Chunk, diverged: int) -> None:
        self.finished += self.work(chunk)
        self.diverged += diverged
        self.chunks_done += 1
        self.of_run = self.count()
