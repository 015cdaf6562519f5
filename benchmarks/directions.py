"""How long `toysup judge` takes, and how much memory.

Random directions of each size in a file, judged by the command as a user runs it, in a process of
its own. They lean to one side, so that they are judged a second time without their mean. Then
`toysup.judge_directions` as a training loop calls it.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from rich.console import Console
from rich.table import Table

SIZES = {(512, 64): 5, (4096, 512): 10, (16_384, 768): 20, (65_536, 1024): 300}  # target seconds
LEAN = 0.1  # of the first dimension: a cone, as real embeddings are
IN_A_LOOP = (512, 64)
CALLS, CALL_TARGET = 6, 0.2  # seconds; the first call loads
COLUMNS = ("directions", "dimensions", "target, s", "time, s", "file, MB", "peak memory, MB")


def measured(r: int, m: int, folder: Path) -> tuple[float, int]:
    """The seconds and the peak bytes of judging `r` directions of `m` dimensions."""
    path = folder / "directions.npy"
    W = np.random.default_rng(0).standard_normal((r, m), dtype=np.float32)
    W[:, 0] += LEAN * np.sqrt(m)
    np.save(path, W)
    began = time.perf_counter()
    judging = subprocess.Popen(
        [sys.executable, "-m", "toysup", "judge", str(path), "--quiet", "--json"],
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(judging.pid, 0)
    if status:
        raise SystemExit(f"toysup judge ended with {os.waitstatus_to_exitcode(status)}")
    # Kilobytes on Linux, bytes on macOS.
    return time.perf_counter() - began, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def seconds_of_calls() -> list[float]:
    """The seconds of each call in one process, for directions that change a little."""
    import toysup

    rng = np.random.default_rng(0)
    W = rng.standard_normal(IN_A_LOOP) + LEAN * np.eye(1, IN_A_LOOP[1]) * IN_A_LOOP[1] ** 0.5
    times = []
    for _ in range(1 + CALLS):
        W += 0.01 * rng.standard_normal(IN_A_LOOP)
        began = time.perf_counter()
        toysup.judge_directions(W, axis="rows", search_seconds=0)
        times.append(time.perf_counter() - began)
    return times


def measure(most: int) -> dict:
    """The seconds and bytes of each size up to `most` directions, and the seconds of calls."""
    with tempfile.TemporaryDirectory() as folder:
        sizes = [(r, m, *measured(r, m, Path(folder))) for r, m in SIZES if r <= most]
    return {"sizes": sizes, "calls": seconds_of_calls()}


def show(found: dict) -> None:
    table = Table(title="toysup judge", box=None)
    for name in COLUMNS:
        table.add_column(name, justify="right")
    for r, m, seconds, peak in found["sizes"]:
        cells = (f"{r:,}", f"{m:,}", f"{SIZES[r, m]}", f"{seconds:.1f}")
        table.add_row(*cells, f"{4e-6 * r * m:,.0f}", f"{peak / 1e6:,.0f}")
    Console().print(table)
    first, *others = found["calls"]
    print(
        "toysup.judge_directions, {} x {}: median of {} calls".format(*IN_A_LOOP, CALLS),
        f"{median(others):.3f} s (target {CALL_TARGET}), the first {first:.1f} s",
    )
