"""What a process costs to start, and how a sweep's time and memory grow with its instances."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

SEEDS, STEPS = 10, 100
SMALLEST = 10
SWEEP = """
seeds = {seeds}
[model]
n_features = 20
d_hidden = 5
[train]
steps = {steps}
batch_size = 1024
[features.independent]
feature_probability = {densities}
[objective.mse]
"""
# Trains a sweep in a process of its own, and prints what it took.
CHILD = """
import json, sys
from pathlib import Path
from toysup import spec
from toysup.engine import local as engine
from toysup.engine import forecast
store = engine.run(spec.read(Path(sys.argv[1])), Path(sys.argv[2]))
log = (store.folder / "events.jsonl").read_text().splitlines()
seconds = [event["seconds"] for event in map(json.loads, log) if "chunk" in event]
print(json.dumps({"seconds": seconds, "memory": forecast.peak_memory()}))
"""


# Compiles what a sweep needs, and prints the seconds that XLA took for it.
COMPILER = """
import json, sys
from pathlib import Path
import jax
from toysup import spec
from toysup.engine import forecast
from toysup.engine import machine
spent = []
jax.monitoring.register_event_duration_secs_listener(
    lambda event, seconds, **_: spent.append(seconds) if "backend_compile" in event else None
)
devices = machine.configure()
forecast.forecast(machine.plan_for(spec.read(Path(sys.argv[1])), devices), devices)
print(json.dumps({"compiling": sum(spent)}))
"""


def child(words: list[str], cache: str) -> dict:
    """The JSON that a process prints."""
    environment = os.environ | {"TOYSUP_CACHE": cache}
    done = subprocess.run(
        [sys.executable, *words], stdout=subprocess.PIPE, check=True, env=environment
    )
    return json.loads(done.stdout)


def compiling() -> list[float]:
    """Seconds that XLA takes in a first and a second process of the same sweep."""
    command = ["-c", COMPILER, "sweeps/question.toml"]
    with tempfile.TemporaryDirectory() as cache:
        return [child(command, cache)["compiling"] for _ in range(2)]


def table(largest: int) -> list[dict]:
    """Seconds and memory of sweeps of 10, 100, ... instances of the question's size.

    A sweep's first chunk compiles, so its time is that of another one, where there is one.
    """
    rows, instances = [], SMALLEST
    with tempfile.TemporaryDirectory() as folder:
        while instances <= largest:
            file = Path(folder, f"{instances}.toml")
            conditions = instances // SEEDS
            densities = [0.01 ** (i / conditions) for i in range(conditions)]
            file.write_text(SWEEP.format(seeds=SEEDS, steps=STEPS, densities=densities))
            words = ["-c", CHILD, str(file), str(Path(folder, str(instances)))]
            found = child(words, str(Path(folder, "cache")))
            first, *others = found["seconds"]
            seconds = min(first, max(others, default=first)) + sum(others)
            rows.append({"instances": instances, "seconds": seconds, "memory": found["memory"]})
            instances *= 10
    return rows


def show_compiling(seconds: list[float]) -> None:
    first, second = seconds
    print(f"Compiling the question's programs: {first:.1f} s, a second process {second:.1f} s")


def show(rows: list[dict]) -> None:
    shown = Table(title=f"growth, MSE at n = 20, m = 5, {STEPS} steps")
    for column in ("instances", "seconds", "ms an instance", "peak memory, MB"):
        shown.add_column(column, justify="right")
    for row in rows:
        each = 1000 * row["seconds"] / row["instances"]
        cells = f"{row['instances']:,}", f"{row['seconds']:.1f}", f"{each:.1f}"
        shown.add_row(*cells, f"{row['memory'] / 1e6:,.0f}")
    Console().print(shown)
