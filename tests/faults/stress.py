"""Thousands of small trainings side by side, each compared bit by bit with a first, quiet one:
`make stress`, or `python -m tests.faults.stress --minutes 60`.

Two processes at a time train in threads and on all devices, with kernels and without, with a cache
of compiled programs that is fresh, shared or off, in memory that holds something else each time,
beside threads that calculate, fill memory, collect garbage, compile ahead and drop programs.
Before that every kernel runs in memory that it may not leave; see `every_kernel`. Exit 1 after any
difference.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from tests.faults.trainings import NAMES
from tests.faults.worker import Task
from toysup.files import cache
from toysup.vectors import usable

ROUND = 400.0  # seconds of a process; the first of them go into compiling
PROCESSES = 2
FILLED = (0, 1, 128, 165, 255)  # bytes that glibc fills new memory with; 0: with none
QUIET = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # nothing trains with them
KEPT = Path("runs/stress")  # what was different


@dataclass(frozen=True)
class World:
    """What a process trains in."""

    kernels: str = "on"
    cache: str = "shared"  # of compiled programs; or "fresh", or "off"
    fill: int = 0
    threads: int = 1
    burners: int = 0

    def environment(self, folder: Path) -> dict[str, str]:
        """The environment of its process; caches of programs are made in `folder`."""
        kept = {"off": "off", "shared": str(folder / "shared")}
        own = kept.get(self.cache) or tempfile.mkdtemp(dir=folder)
        found = os.environ | QUIET | {usable.SWITCH: self.kernels, cache.SWITCH: own}
        return found | {"MALLOC_PERTURB_": str(self.fill)}


class Stress:
    """The processes, and what came of them."""

    def __init__(self, folder: Path, seed: int):
        self.folder, self.dice = folder, random.Random(seed)
        self.expected: dict[str, dict[str, str]] = {}  # by "on" and "off", digests by name
        self.tries, self.wrong, self.faults = Counter(), Counter(), []

    def start(self, world: World, task: Task) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.faults.worker", task.json()]
        with (self.folder / "errors").open("ab") as errors:
            return subprocess.Popen(
                command, env=world.environment(self.folder), stdout=subprocess.PIPE, stderr=errors
            )

    def lines(self, process: subprocess.Popen) -> list[dict]:
        """What a process printed, when it has ended; how it ended is noted where that is wrong."""
        found = process.communicate()[0].splitlines()
        if process.returncode:
            last = (self.folder / "errors").read_text(errors="replace")[-2000:]
            self.faults.append(f"a process ended with {process.returncode}: {last}")
        return [json.loads(line) for line in found]

    def first(self) -> None:
        """The digests to compare with: of one process with kernels, and of one without."""
        task = Task([*NAMES], 0.0)
        running = {kernels: self.start(World(kernels), task) for kernels in ("on", "off")}
        for kernels, process in running.items():
            self.expected[kernels] = {line["name"]: line["digest"] for line in self.lines(process)}

    def round(self, seconds: float) -> None:
        """Some processes side by side."""
        running = []
        for _ in range(PROCESSES):
            dice = self.dice
            world = World(
                dice.choice(("on", "on", "off")),
                dice.choice(("shared", "shared", "fresh", "off")),
                dice.choice(FILLED),
                threads=dice.choice((1, 2, 4)),
                burners=dice.choice((0, 1, 2)),
            )
            names = dice.sample(NAMES, 5)
            expected = self.expected[world.kernels]
            task = Task(names, seconds, world.threads, world.burners, True, dice.randrange(2**31))
            task = replace(task, expected=expected, keep=str(KEPT.absolute()))
            running.append((world, self.start(world, task)))
        for world, process in running:
            for line in self.lines(process):
                self.count(world, line)

    def count(self, world: World, line: dict) -> None:
        key = line["name"], world.kernels
        self.tries[key] += 1
        if not line["same"]:
            self.wrong[key] += 1
            self.faults.append(f"{line} came in {asdict(world)}")

    def table(self) -> dict:
        """Tries and differences of each training."""
        return {
            f"{name}, kernels {kernels}": {
                "tries": self.tries[name, kernels],
                "different": self.wrong[name, kernels],
            }
            for name, kernels in sorted(self.tries)
        }


def main(
    minutes: Annotated[float, typer.Option(help="How long to go on.")] = 30.0,
    tries: Annotated[int, typer.Option(help="How many trainings are enough.")] = 10**9,
    seed: Annotated[int, typer.Option(help="Of what is trained in which surroundings.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    began = time.monotonic()
    KEPT.mkdir(parents=True, exist_ok=True)
    guarded = subprocess.run(
        [sys.executable, "-m", "tests.faults.every_kernel"], stdout=subprocess.PIPE
    )
    *_, said = guarded.stdout.decode().splitlines() or ["nothing"]
    with tempfile.TemporaryDirectory() as folder:
        stress = Stress(Path(folder), seed)
        if guarded.returncode:
            stress.faults.append(
                f"kernels in guarded memory ended with {guarded.returncode}: {said}"
            )
        stress.first()
        while (left := 60 * minutes - (time.monotonic() - began)) > 0 and (
            stress.tries.total() < tries
        ):
            stress.round(min(ROUND, left))
    found = {"memory": said, "tries": stress.tries.total(), "different": stress.wrong.total()}
    found |= {"trainings": stress.table(), "faults": stress.faults}
    if as_json:
        print(json.dumps(found, indent=1))
    else:
        for name, counts in found["trainings"].items():
            print(f"{name:30} {counts['tries']:7} tries, {counts['different']} different")
        print(*stress.faults, said, sep="\n")
        print(f"{found['tries']} trainings, {found['different']} different")
    raise SystemExit(1 if stress.faults else 0)


if __name__ == "__main__":
    typer.run(main)
