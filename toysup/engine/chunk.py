"""One chunk of a plan: some conditions times some seeds, trained together and measured."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import jax
import numpy as np

from toysup import train
from toysup.batch.job import Job, copied
from toysup.grid import Chunk, Plan
from toysup.measure.losses import batches_of, losses_at_once, measure_losses
from toysup.measure.measurement import Measurements, measure
from toysup.measure.recording import Recording

SEGMENT_SECONDS = 1.0
FIRST_SEGMENT = 20  # steps; timed to size the next one


@dataclass(frozen=True)
class Progress:
    """What the callback of a running chunk is given after each segment.

    `done` is the share of its training.
    """

    done: float
    instances: int
    loss: float
    diverged: int


class Segments:
    """Trains a job in segments of about a second, and reports after each."""

    def __init__(self, job: Job, callback: Callable[[Progress], None]):
        self.job, self.callback = job, callback
        self.length, self.done = FIRST_SEGMENT, 0

    def run(self, states, start: int, stop: int, steps: int, encoder_rate: float = 1.0):
        """The states after steps start, ..., stop - 1 of runs of `steps`."""
        while start < stop:
            began = time.perf_counter()
            end = min(stop, start + self.length)
            states = self.job.train(states, start, end, steps, encoder_rate)
            curve = self.job.instances(states.loss_curve)
            spent = time.perf_counter() - began
            longest = int((end - start) * SEGMENT_SECONDS / spent)
            self.length = max(1, min(longest, 100 * self.length))
            self.done += end - start
            self.report(curve[..., : 1 + (end - 1) * train.curve_points(steps) // steps])
            start = end
        return states

    def report(self, curve):
        finite = np.isfinite(curve).all(axis=-1)
        loss = curve[..., -1][finite].mean() if finite.any() else np.nan
        diverged = finite.size - int(finite.sum())
        self.callback(Progress(self.done / self.job.work, finite.size, float(loss), diverged))


def run(
    plan: Plan,
    chunk: Chunk,
    callback: Callable[[Progress], None] = lambda progress: None,
    devices: int | None = None,
) -> Measurements:
    """Train and measure a chunk. `callback` is called after each segment, and may raise to stop.

    Beside each run goes one of half the length, for the convergence check: on the same samples,
    with a whole schedule of its own, so that comparing the two asks what the second half of the
    steps was good for. Where their schedules agree they are one run. The long one is recorded.
    At the end the directions are drawn at random, to see what they are worth; see `stake`.
    """
    job = Job(plan, chunk, devices)
    segments, recording = Segments(job, callback), Recording(job, plan.sweep.record)

    def run_recorded(states, start: int, stop: int):
        for halt in recording.stops(start, stop):
            states = segments.run(states, start, halt, job.steps)
            recording.update(halt, states)
            start = halt
        return states

    first = job.init()
    common = run_recorded(copied(first), 0, job.shared)
    stopped = segments.run(copied(common), job.shared, job.short, job.short)
    last = run_recorded(common, job.shared, job.steps)
    random = (
        segments.run(job.random(last), 0, job.refit, job.refit, 0.0) if job.has_random_run else None
    )
    return measure(job, first, stopped, last, recording.finished(), random)


def compile_ahead(plan: Plan, chunk: Chunk, devices: int | None = None) -> None:
    """Have compiled what the chunks of this one's stack need, so that they start at once."""
    job = Job(plan, chunk, devices)
    first = job.init()
    states = job.train(copied(first), 0, 0, job.steps)
    if job.has_random_run:
        states = job.train(job.random(states), 0, 0, 1, 0.0)
    models = [first.model] * (losses_at_once(job) - 1) + [states.model]
    batches = batches_of(job)
    losses = measure_losses(job.machine, batches, job.setups, job.check_keys, models, 0)
    jax.block_until_ready(losses)
