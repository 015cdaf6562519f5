"""A process that trains side by side in threads, under load: `python -m tests.faults.worker TASK`.

It prints a line of JSON a training: its name, its device and the digest of what came. TASK is a
mapping in JSON; see `Task`.
"""

import contextlib
import gc
import json
import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import jax
import numpy as np

from tests import memory
from tests.faults import trainings
from toysup.engine import machine

HOG = 64 * 2**20  # bytes that are taken and given back, again and again


@dataclass(frozen=True)
class Task:
    """What a worker does.

    Each of its `names` is trained once, and then any of them until `seconds` are over. `expected`
    has the digests that are right; what differs from them is written to the folder `keep`.
    """

    names: list[str]
    seconds: float
    threads: int = 1
    burners: int = 0  # threads that only calculate
    disturb: bool = False  # collect garbage, fill memory, and drop compiled programs meanwhile
    seed: int = 0
    expected: dict[str, str] | None = None
    keep: str = ""

    def json(self) -> str:
        return json.dumps(asdict(self))


class Worker:
    """Trains until it is told to stop, and says what came."""

    def __init__(self, task: Task):
        self.task, self.over, self.printing = task, threading.Event(), threading.Lock()
        self.dice = random.Random(task.seed)

    def run(self) -> None:
        task = self.task
        began = time.monotonic()
        first = [(name, self.dice.randrange(2)) for name in task.names]
        helpers = [self.burn] * task.burners + [self.disturb] * task.disturb
        with ThreadPoolExecutor(task.threads + len(helpers)) as pool:
            helping = [pool.submit(helper) for helper in helpers]
            try:
                list(pool.map(lambda pair: self.train(*pair), first))
                training = [pool.submit(self.go_on, began) for _ in range(task.threads)]
                for thread in training:
                    thread.result()
            finally:
                self.over.set()
            for helper in helping:
                helper.result()

    def go_on(self, began: float) -> None:
        while time.monotonic() - began < self.task.seconds:
            self.train(self.dice.choice(self.task.names), self.dice.randrange(2))

    def train(self, name: str, device: int) -> None:
        device %= jax.local_device_count()
        found = trainings.arrays(name, device)
        digest = trainings.digest(found)
        expected = (self.task.expected or {}).get(name, digest)
        if digest != expected and self.task.keep:
            path = Path(self.task.keep) / f"{name}-{digest}.npz"
            np.savez(path, *found)
        with self.printing:
            line = {"name": name, "device": device, "digest": digest, "same": digest == expected}
            print(json.dumps(line), flush=True)

    def burn(self) -> None:
        x = np.random.default_rng(0).normal(size=(200, 200))
        while not self.over.is_set():
            x = np.tanh(x @ x)

    def disturb(self) -> None:
        """What tests and runs do beside a training, and more often."""
        dice = random.Random(self.task.seed + 1)
        while not self.over.wait(dice.uniform(0, 0.2)):
            gc.collect()
            np.full(dice.randrange(HOG), 255, np.uint8)
            if dice.random() < 1 / 200:
                trainings.compile_ahead(dice.choice(trainings.IN_CHUNKS))
            if dice.random() < 1 / 2000:  # all is to be compiled again
                memory.drop_programs()


if __name__ == "__main__":
    machine.configure()
    with contextlib.suppress(KeyboardInterrupt):
        Worker(Task(**json.loads(sys.argv[1]))).run()
