"""What Dask costs: workers of one thread against the engine here, and a cluster of stubs.

    python -m benchmarks.on_dask overhead --workers 4 --sweep "question --set seeds=2"
    python -m benchmarks.on_dask stubs --workers 100 --threads 10 --chunks 100000

The stubs train nothing and give back a table as it is. They show what the scheduler and the client
do for a chunk, and whether the client's memory depends on how many there are.
"""

import argparse
import asyncio
import contextlib
import ctypes
import os
import resource
import shlex
import socket
import subprocess
import sys
import tempfile
import time
import types

import numpy as np

from toysup import grid, spec

PR_SET_CHILD_SUBREAPER = 36  # of Linux, sys/prctl.h
MEGABYTE = 2**20
SWEEP = {
    "model": {"n_features": 20, "d_hidden": 5},
    "objective": {"mse": {}},
}
SEEDS = 2  # in a chunk
TOLD = 20  # times in a run of stubs


def overhead(workers: int, words: list[str], rounds: int) -> None:
    """Print what a sweep takes here and with Dask, in turns, with programs that are compiled: by
    the clock, and of all cores. Only the second tells something on a machine that is busy."""
    engines = {"here": [], f"{workers} workers of Dask": ["--dask", f"local:{workers}"]}
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in engines}
    adopt_orphans()
    for turn in range(rounds + 1):  # the first one compiles
        for name, options in engines.items():
            with tempfile.TemporaryDirectory() as folder:
                command = [sys.executable, "-m", "toysup", "sweep", *words, *options, "--quiet"]
                spent = spent_by([*command, "--out", f"{folder}/run"])
            load = os.getloadavg()[0]
            print(
                f"{name}: {spent[0]:.1f} s, {spent[1]:.1f} s of cores, load {load:.1f}", flush=True
            )
            if turn:
                taken[name].append(spent)
    if not rounds:
        return
    ratios = np.divide(*reversed(list(taken.values()))) - 1
    clock, cores = np.median(ratios, axis=0)
    print(f"Dask: {clock:+.0%} by the clock, {cores:+.0%} of cores (medians of {rounds} rounds)")


def adopt_orphans() -> None:
    """Become the parent of processes whose own one has ended, so that they are waited for."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def spent_by(command: list[str]) -> tuple[float, float]:
    """The seconds of a command by the clock, and of a core in it and all that it started."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def a_table():
    """The rows of one chunk, as a worker sends them."""
    from toysup.engine import chunk, dask_worker, machine
    from toysup.storage import rows

    devices = machine.configure_workers()
    plan = grid.plan(spec.parse(SWEEP | {"seeds": SEEDS, "train": {"steps": 2}}), SEEDS)
    return dask_worker.arrow_bytes(
        rows.table(plan, plan.chunks[0], chunk.run(plan, plan.chunks[0], devices=devices))
    )


def stub_workers(address: str, count: int, threads: int) -> None:
    """Be so many workers, which give back a table for each chunk."""
    import dask
    import distributed
    from dask.local import SynchronousExecutor

    from toysup.engine import dask_cluster, dask_worker

    part = a_table()
    dask_worker.trained = lambda order, number: (part, [])
    distributed.get_worker = lambda: types.SimpleNamespace(address="a stub")
    dask.config.set(dask_cluster.SETTINGS | {"distributed.worker.preload": []})

    # Without threads, which would wait for each other.
    options = {"executor": SynchronousExecutor(), "memory_limit": 0, "dashboard": False}

    async def work():
        workers = [
            distributed.Worker(address, name=i, nthreads=threads, **options) for i in range(count)
        ]
        await asyncio.gather(*workers)
        await asyncio.gather(*(worker.finished() for worker in workers))

    asyncio.run(work())


def stubs(workers: int, threads: int, chunks: int) -> None:
    """Print what a chunk costs the scheduler and the client, and what they hold, as it goes on."""
    import psutil

    from toysup.engine import dask_cluster, machine, opening
    from toysup.engine.dask_tasks import Tasks

    devices = machine.configure_workers()
    plan = grid.plan(spec.parse(SWEEP | {"seeds": SEEDS * chunks}), SEEDS)
    run = Stub(plan, opening.about(plan, "", devices), devices)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = {"stderr": subprocess.DEVNULL, "env": os.environ | {"PYTHONPATH": os.getcwd()}}
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", str(port)], **quiet
    )
    words = ["stub_workers", "--address", address, "--workers", str(workers)]
    words += ["--threads", str(threads)]
    others = subprocess.Popen([sys.executable, "-m", "benchmarks.on_dask", *words], **quiet)
    try:
        wait_for(port)
        with dask_cluster.connected(address) as client:
            client.wait_for_workers(workers, timeout=600)
            processes = {"scheduler": psutil.Process(scheduler.pid), "client": psutil.Process()}
            before = {name: seconds_of(process) for name, process in processes.items()}
            began, tasks, told, done = time.perf_counter(), Tasks(client, run, plan.chunks), 1, 0
            while tasks.left:
                tasks.submit()
                done += tasks.wait() is not None
                if done >= told * chunks / TOLD:
                    told += 1
                    seconds = time.perf_counter() - began
                    print(f"{done:,} of {chunks:,} chunks, {seconds:.0f} s:", end="")
                    for name, process in processes.items():
                        each = 1000 * (seconds_of(process) - before[name]) / done
                        held = process.memory_info().rss / MEGABYTE
                        print(f" {name} {each:.2f} ms of a core a chunk, {held:.0f} MB;", end="")
                    print(flush=True)
    finally:
        for process in (others, scheduler):
            process.terminate()
            process.wait()


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.2)


def seconds_of(process) -> float:
    """The time of a core that a process has taken."""
    times = process.cpu_times()
    return times.user + times.system


class Stub:
    """A run without a folder."""

    def __init__(self, plan, manifest: dict, devices: int):
        self.plan, self.content, self.devices = plan, manifest, devices
        self.store = self

    def manifest(self) -> dict:
        return self.content


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", choices=("overhead", "stubs", "stub_workers"))
    options.add_argument("--workers", type=int, default=4)
    options.add_argument("--threads", type=int, default=1, help="of a stub")
    options.add_argument("--chunks", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3, help="of overhead")
    options.add_argument("--address")
    options.add_argument("--sweep", default="question --set seeds=2", help="words of a command")
    asked = options.parse_args()
    if asked.what == "overhead":
        overhead(asked.workers, shlex.split(asked.sweep), asked.rounds)
    elif asked.what == "stubs":
        stubs(asked.workers, asked.threads, asked.chunks)
    else:
        stub_workers(asked.address, asked.workers, asked.threads)


if __name__ == "__main__":
    main()
