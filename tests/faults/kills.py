"""Signals at random moments of a run, once and twice, with programs compiled and not."""

import os
import random
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults.runs import mini, started, toysup
from toysup.storage.store import Store

HEARD_SECONDS = 2.0  # of a process that has a core to itself
# Under nohup a hangup is ignored, here and by every run that is started.
SOFT = tuple(
    number
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    if signal.getsignal(number) != signal.SIG_IGN
)
LARGE = {"seeds": 20, "steps": 2000}  # a second or two, in ten chunks


@dataclass(frozen=True)
class Killed:
    """One try, and what is wrong with it; "" if nothing is."""

    number: int
    twice: bool
    cold: bool
    seconds: float
    fault: str


def whole_run(folder: Path) -> bytes:
    """The results of the run without a signal."""
    mini(folder, **LARGE)
    toysup("sweep", "mini.toml", "--quiet", "--out", "whole", cwd=folder)
    return (folder / "whole" / "results.parquet").read_bytes()


def kill(folder: Path, numbers, tries: int, seed: int = 0):
    """Yield what came of each of so many runs that got one of the signals `numbers`."""
    chosen = random.Random(seed)
    whole = whole_run(folder)
    for _ in range(tries):
        yield killed(folder, whole, chosen.choice(numbers), chosen)
        shutil.rmtree(folder / "run", ignore_errors=True)


def killed(folder: Path, whole: bytes, number: int, chosen: random.Random) -> Killed:
    """What came of a run that got a signal at a random moment, and of the command after it."""
    twice, cold = chosen.random() < 0.5, chosen.random() < 0.3
    words = ("sweep", "mini.toml", "--quiet", "--out", "run")
    cache = {"TOYSUP_CACHE": str(folder / "cold")} if cold else {}
    shutil.rmtree(folder / "cold", ignore_errors=True)
    process = started(*words, cwd=folder, **cache)
    time.sleep(chosen.uniform(0.5, 8 if cold else 5))
    began = time.perf_counter()
    process.send_signal(number)
    if twice:
        time.sleep(chosen.choice([0, 0.02, 0.3]))
        process.send_signal(number)
    _, err = process.communicate(timeout=120)
    seconds = time.perf_counter() - began
    saved = {path: path.stat().st_mtime_ns for path in (folder / "run").glob("parts/mse*")}
    again = toysup(*words, cwd=folder)
    fault = fault_of(folder, whole, number, process.returncode, err)
    if again.code or any(path.stat().st_mtime_ns != then for path, then in saved.items()):
        fault = fault or f"afterwards {again.code}: {again.err}"
    return Killed(number, twice, cold, seconds, fault)


def fault_of(folder: Path, whole: bytes, number: int, code: int, err: str) -> str:
    """What is wrong with a process that got a signal, and with the run that went on after it."""
    soft = number in SOFT
    # Before there is a handler, as Python starts, the system ends the process.
    if code not in (0, -number, *([128 + number] if soft else [])):
        return f"exit code {code}: {err}"
    if "Traceback" in err:
        return err
    if soft and code == 128 + number and not err.startswith("Stop"):
        return f"nothing is said: {err!r}"
    if Store(folder / "run").results_path.read_bytes() != whole:
        return "other results"
    if left := [name for name in os.listdir(folder / "run") if name.endswith(".tmp")]:
        return f"left behind: {left}"
    return ""
