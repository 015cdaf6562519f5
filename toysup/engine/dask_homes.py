"""Which workers train which program: a worker that has one goes on with it while chunks of it wait.

A worker traces and loads each program that it trains, which takes it some seconds. So a program
goes to few workers first, and to all of them where it is the last that chunks wait for. It is a
wish: Dask has an idle worker take over a task that waits for another one.
"""

import heapq
import math
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from toysup import grid
from toysup.engine.local import program

Program = tuple[int, int]
REFILL = 2 / 3  # of a program's tasks, below which there are more: many cost little more than one


class Batch(NamedTuple):
    """Chunks of one program, and the workers that are to train them; None is all."""

    chunks: list[grid.Chunk]
    workers: frozenset[str] | None


class Homes:
    """The chunks that wait, by program, and the program of each worker."""

    def __init__(self, chunks: Iterable[grid.Chunk]):
        self.waiting: dict[Program, deque[grid.Chunk]] = {}
        for chunk in chunks:
            self.waiting.setdefault(program(chunk), deque()).append(chunk)
        self.under_way: Counter[Program] = Counter()
        self.workers: dict[str, int] = {}
        self.homes: dict[str, Program] = {}
        self.groups: dict[Program, frozenset[str]] = {}  # the same, the other way round

    def __len__(self) -> int:
        return sum(map(len, self.waiting.values()))

    def put_back(self, chunk: grid.Chunk) -> None:
        """Have a chunk wait again that was under way."""
        self.end(chunk)
        self.waiting.setdefault(program(chunk), deque()).appendleft(chunk)

    def end(self, chunk: grid.Chunk) -> None:
        """Note that a chunk is no longer under way."""
        self.under_way[program(chunk)] -= 1

    def settle(self, workers: Mapping[str, int]) -> None:
        """Give each worker a program, where one has none or a worker came or went."""
        settled = self.groups and self.groups.keys() <= self.waiting.keys()
        if settled and workers == self.workers:
            return
        self.workers = dict(workers)
        self.homes = homes(workers, {p: len(c) for p, c in self.waiting.items()}, self.homes)
        groups: dict[Program, list[str]] = {}
        for worker, home in self.homes.items():
            groups.setdefault(home, []).append(worker)
        self.groups = {home: frozenset(group) for home, group in groups.items()}

    def take(self, room: int, each: float, workers: Mapping[str, int]) -> Iterator[Batch]:
        """At most `room` chunks, so that each thread has `each` of its worker's program under way.

        `workers` are those that are there, with their numbers of threads.
        """
        self.settle(workers)
        for home, group in self.groups.items():
            most = each * sum(workers[worker] for worker in group)
            if self.under_way[home] <= REFILL * most:
                count = min(room, math.ceil(most) - self.under_way[home])
                room -= count
                if count > 0:
                    yield Batch(self.first(home, count), group if len(self.groups) > 1 else None)

    def take_any(self, count: int) -> Batch:
        """So many chunks, for whatever worker comes: one of each program, the next of each, ..."""
        chunks: list[grid.Chunk] = []
        while len(chunks) < count and self.waiting:
            for home in list(self.waiting)[: count - len(chunks)]:
                chunks += self.first(home, 1)
        return Batch(chunks, None)

    def first(self, home: Program, count: int) -> list[grid.Chunk]:
        """Take out the first chunks of a program."""
        waiting = self.waiting[home]
        chunks = [waiting.popleft() for _ in range(min(count, len(waiting)))]
        self.under_way[home] += len(chunks)
        if not waiting:
            del self.waiting[home]
        return chunks


def homes(
    workers: Iterable[str], waiting: Mapping[Program, int], before: Mapping[str, Program]
) -> dict[str, Program]:
    """The program of each worker: the one that it has `before`, or else that of which most chunks
    are `waiting` for each of its workers. Empty where nothing waits."""
    found = {w: before[w] for w in workers if before.get(w) in waiting}
    sizes = Counter(found.values())
    heap = [(-count / (sizes[p] + 1), i, p) for i, (p, count) in enumerate(waiting.items())]
    heapq.heapify(heap)
    for worker in workers if heap else ():
        if worker not in found:
            _, i, home = heap[0]
            found[worker] = home
            sizes[home] += 1
            heapq.heapreplace(heap, (-waiting[home] / (sizes[home] + 1), i, home))
    return found
