"""What is kept of a run under way: its matrices and its loss at some of its steps."""

import numpy as np

from toysup.batch.job import Job, copied
from toysup.measure.codes import codes_of
from toysup.measure.directions import matrix
from toysup.measure.losses import batches_of, losses_at_once, measure_losses
from toysup.measure.measurement import Recorded


class Recording:
    """Keeps the matrices and the loss of a job's models at the given steps, which come in order.

    The loss is measured on the same fresh samples at each of them, so that what falls between two
    is no noise; by the program that measures the loss at the end, so that nothing more is compiled.
    """

    def __init__(self, job: Job, steps: tuple[int, ...]):
        self.job, self.steps = job, steps
        self.taken = 0
        self.W: dict[str, list[np.ndarray]] = {}
        self.waiting, self.losses = [], []

    def stops(self, start: int, stop: int) -> list[int]:
        """Where to halt on the way from a step to another one: at each of ours, and there."""
        return [*(step for step in self.steps if start <= step < stop), stop]

    def update(self, step: int, states) -> None:
        """Keep what is asked for, if this is the next of the steps. Training goes on in the states'
        memory, so that what is kept is a copy."""
        if self.steps[self.taken : self.taken + 1] != (step,):
            return
        self.taken += 1
        job = self.job
        for name, code in codes_of(job, states.model).items():
            self.W.setdefault(name, []).append(np.array(matrix(job, code)))
        self.waiting.append(copied(states.model))
        if len(self.waiting) == losses_at_once(job):
            self.measure()

    def measure(self) -> None:
        """The losses of those that wait; the last of them fills the program's places."""
        count, job = len(self.waiting), self.job
        models = [self.waiting[min(i, count - 1)] for i in range(losses_at_once(job))]
        every = batches_of(job)
        measured = measure_losses(job.machine, every, job.setups, job.check_keys, models, every)
        losses = measured["loss"]
        self.losses.append(job.instances(losses)[..., :count])
        self.waiting = []

    def finished(self) -> Recorded:
        """All that was kept, when there is no more to come."""
        if self.waiting:
            self.measure()
        if not self.losses:
            return Recorded()
        W = {name: np.stack(kept, axis=2) for name, kept in self.W.items()}
        return Recorded(W, np.concatenate(self.losses, axis=-1))
