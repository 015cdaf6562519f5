"""How long a sweep would take here, from two seconds of each of its stacks; how much memory and
disk."""

import platform
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toysup import grid
from toysup.batch.job import Job, copied
from toysup.engine import compilation
from toysup.engine.chunk import FIRST_SEGMENT
from toysup.engine.disk import disk
from toysup.files import cache
from toysup.grid import limits
from toysup.measure.measurement import measure
from toysup.measure.recording import Recording
from toysup.storage import rows as results
from toysup.theory import population

PROBES, PROBE_SECONDS = 4, 2.0


@dataclass(frozen=True)
class Cost:
    """What a chunk takes, in seconds, and its number of units of work.

    `loading` is how long its programs take to be ready in a process after this one, and `searching`
    is the search for the least losses of its conditions, which is made once for all seeds.
    """

    compiling: float
    loading: float
    training: float
    measuring: float
    units: int
    searching: float = 0.0


def cost(plan: grid.Plan, chunk: grid.Chunk, devices: int | None = None) -> Cost:
    """Compile what a chunk needs, train it for about two seconds, measure it, and time all."""
    import jax

    job = Job(plan, chunk, devices)
    steps = job.steps

    def timed(function, *arguments):
        began = time.perf_counter()
        outcome = jax.block_until_ready(function(*arguments))
        return time.perf_counter() - began, outcome

    def measured(first, half, whole):
        recording = Recording(job, plan.sweep.record)
        for step in recording.steps:
            recording.update(step, whole)
        random = job.train(job.random(whole), 0, 0, 1, 0.0) if job.has_random_run else None
        found = measure(job, first, half, whole, recording.finished(), random)
        return results.table(plan, chunk, found)

    def ready():
        first = job.init()
        return first, job.train(copied(first), 0, 0, steps)

    starting, (first, states) = timed(ready)
    rates, length = [], min(FIRST_SEGMENT, steps)
    for _ in range(PROBES):
        spent, states = timed(job.train, states, 0, length, steps)
        rates.append(spent / length)
        wanted = int(PROBE_SECONDS / PROBES / rates[-1])
        length = max(1, min(wanted, 100 * length, steps))
    closing, _ = timed(measured, first, first, states)
    measuring, _ = timed(measured, first, first, states)
    searching = 0.0
    if population.searched.cache_info().currsize:
        population.searched.cache_clear()
        again, _ = timed(measured, first, first, states)
        searching = max(0.0, again - measuring)
    compiling = starting + max(0.0, closing - measuring - searching)
    loading = compiling
    if cache.folder():
        jax.clear_caches()
        starting, _ = timed(ready)
        closing, _ = timed(measured, first, first, states)
        loading = starting + max(0.0, closing - measuring)
    training = job.work * rates[-1]
    return Cost(compiling, loading, training, measuring, len(job.keys), searching)


@dataclass(frozen=True)
class Forecast:
    """What a whole sweep takes: seconds, and bytes of memory at once and of disk.

    `seconds` is for a run after this forecast, which finds its programs compiled where they are
    kept; `compiling` is what the forecast spent on them, no part of it.
    """

    seconds: float
    compiling: float
    loading: float
    training: float
    measuring: float
    memory: int
    disk: int


def forecast(
    plan: grid.Plan,
    devices: int | None = None,
    callback: Callable[[int, int], None] = lambda done, stacks: None,
    missing: Sequence[grid.Chunk] | None = None,
) -> Forecast:
    """Time a chunk of each stack; the others of a stack take as long as their units of work.

    `missing` are the chunks that are still to be trained, by default all.
    """
    starting = time.process_time()
    compiling = loading = training = measuring = 0.0
    by_stack: dict[int, list[grid.Chunk]] = {}
    missing = plan.chunks if missing is None else missing
    for chunk in missing:
        by_stack.setdefault(chunk.stack, []).append(chunk)
    for number, chunks in enumerate(by_stack.values()):
        callback(number, len(by_stack))
        one = cost(plan, chunks[0], devices)
        units = sum(len(Job(plan, chunk, devices).keys) for chunk in chunks)
        compiling += one.compiling
        loading += one.loading
        training += one.training * units / one.units
        measuring += one.measuring * units / one.units
        conditions = {condition for chunk in chunks for condition in chunk.conditions}
        measuring += one.searching * len(conditions) / len(chunks[0].conditions)
        compilation.seal()
    seconds = starting + loading + training + measuring
    memory = peak_memory() + limits.result_bytes(plan)
    return Forecast(seconds, compiling, loading, training, measuring, memory, disk(plan, missing))


def peak_memory() -> int:
    """The most memory that this process has held so far, in bytes."""
    unit = 1 if platform.system() == "Darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
