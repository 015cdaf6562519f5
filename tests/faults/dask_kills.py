"""Workers of Dask and the client are killed at random, again and again, until a run is finished.

python -m tests.faults.dask_kills --workers 20 --clients 5
"""

import argparse
import json
import random
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.faults.runs import mini, started, toysup
from toysup.storage.store import Store

CHUNKS = {"seeds": 60, "steps": 20_000}  # 30 chunks of about a second
SHORTEST, LONGEST = 0.5, 20.0  # seconds between two kills; a chunk that is saved ends the wait
WORDS = ("sweep", "mini.toml", "--quiet", "--out", "run", "--dask", "local:2")


def workers_of(client: subprocess.Popen) -> list[psutil.Process]:
    """The processes that train for a client."""
    try:
        children = psutil.Process(client.pid).children(recursive=True)
        forked = [child for child in children if "forkserver" in " ".join(child.cmdline())]
        return [child for child in forked if child.ppid() != client.pid]
    except psutil.Error:  # one has ended meanwhile
        return []


@dataclass
class Count:
    """How many were killed, and how often the command was given."""

    workers: int = 0
    clients: int = 0
    commands: int = 0


def killed(folder: Path, workers: int, clients: int, seed: int = 0) -> Count:
    """Give the command until the run is finished, and kill so many of its processes meanwhile."""
    chosen, count = random.Random(seed), Count()
    victims = ["worker"] * workers + ["client"] * clients
    chosen.shuffle(victims)
    client = None
    while client is None or client.returncode != 0:
        if client is None or client.poll() is not None:
            client = started(*WORDS, cwd=folder)
            count.commands += 1
        if not victims:
            client.wait()
            continue
        wait_for_part(folder, chosen)
        alive = workers_of(client)
        if victims[-1] == "client":
            client.kill()
            client.wait()
            count.clients += 1
            victims.pop()
        elif alive:
            chosen.choice(alive).kill()
            count.workers += 1
            victims.pop()
    return count


def wait_for_part(folder: Path, chosen: random.Random) -> None:
    """Wait until a chunk more is saved, but not for long."""
    parts, began = folder / "run" / "parts", time.monotonic()
    there = len(list(parts.glob("*.parquet")))
    time.sleep(SHORTEST)
    while len(list(parts.glob("*.parquet"))) == there and time.monotonic() < began + LONGEST:
        time.sleep(chosen.uniform(0.05, SHORTEST))


def fault_of(folder: Path) -> str:
    """What is wrong with the run; "" if nothing is."""
    store = Store(folder / "run")
    lines = [json.loads(line) for line in (store.folder / "events.jsonl").read_text().splitlines()]
    saved = [line["chunk"] for line in lines if "seconds" in line]
    if len(saved) != len(set(saved)):
        return f"saved twice: {sorted(saved)}"
    mini(folder, **CHUNKS)
    toysup("sweep", "mini.toml", "--quiet", "--out", "here", cwd=folder, timeout=600)
    here = Store(folder / "here")
    for path in [here.results_path, *here.parts.iterdir()]:
        if path.read_bytes() != (store.folder / path.relative_to(here.folder)).read_bytes():
            return f"other bytes: {path.name}"
    return ""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--workers", type=int, default=20)
    options.add_argument("--clients", type=int, default=5)
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mini(folder, **CHUNKS)
        began = time.monotonic()
        count = killed(folder, asked.workers, asked.clients, asked.seed)
        fault = fault_of(folder)
        seconds = time.monotonic() - began
    words = f"{count.workers} workers and {count.clients} clients killed, {count.commands} commands"
    outcome = fault or "nothing lost, nothing twice, the bytes of the run here"
    print(f"{words}, {seconds:.0f} seconds: {outcome}")
    raise SystemExit(bool(fault))


if __name__ == "__main__":
    main()
