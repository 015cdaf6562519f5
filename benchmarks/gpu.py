"""toysup on a card, in ten minutes: `python -m benchmarks.gpu`, with toysup[cuda] and torch.

The numerical part of the tests; MSE and InfoNCE with 10,000 instances, against the same program in
PyTorch on the same card, and as shares of what the card can do; where the time of a step goes; and
whether the small sweep of the question has the verdicts that a processor finds. Without a card, or
with --tiny, all of it runs at sizes that say nothing: to try out the script.
"""

import gzip
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import hardware
from benchmarks.case import Case, case_of
from benchmarks.ours import Contender
from benchmarks.pytorch import Peer
from benchmarks.sizes import BATCHES, checked

MINUTES = 10
SIZES = ((20, 5), (400, 30), (1000, 100))
INSTANCES, TINY_INSTANCES = (50, 200), (2, 2)  # conditions and seeds
# PyTorch trains fewer at a time where a batch of all would not fit into the card.
PEER_FLOATS = 2**30
ROUNDS, SECONDS = 3, 3.0
TESTS = ("kernels", "objectives", "features", "views", "encoders", "test_train.py")
TINY_TESTS = ("kernels/test_unit.py",)
PROFILED_STEPS, SHOWN = 20, 12
SQUARE, TINY_SQUARE = 8192, 256  # of the products that are the card's peak
SWEEP = ("smoke",)  # the question, small
TINY = (*SWEEP, "--set", "seeds=2", "--set", "train.steps=20")


class LateError(Exception):
    """There is no time left for a part."""


class Deadline:
    """Ten minutes from now."""

    def __init__(self):
        self.end = time.monotonic() + 60 * MINUTES

    def left(self) -> float:
        seconds = self.end - time.monotonic()
        if seconds <= 0:
            raise LateError
        return seconds

    def run(self, words: list[str], **variables: str) -> subprocess.CompletedProcess:
        """A module of Python in a process of its own, which ends with the ten minutes."""
        command, environment = [sys.executable, "-m", *words], os.environ | variables
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        try:
            return subprocess.run(command, env=environment, timeout=self.left(), **pipes)
        except subprocess.TimeoutExpired as error:
            raise LateError from error


def tests(deadline: Deadline, tiny: bool) -> dict:
    """The last line of pytest."""
    paths = [f"tests/{name}" for name in (TINY_TESTS if tiny else TESTS)]
    # A process that reserves the card would leave the others nothing of it.
    done = deadline.run(
        ["pytest", "-q", "-m", "not slow and not long", *paths],
        XLA_PYTHON_CLIENT_PREALLOCATE="false",
    )
    return {"exit code": done.returncode, "said": done.stdout.strip().splitlines()[-1:]}


def flops_of(case: Case) -> float:
    """Of the dense products of an instance's step; see `hardware.products_of`."""
    if case.pairs:
        return 8 * case.n * case.m * case.batch + 6 * case.m * case.batch**2
    return 10 * case.n * case.m * case.batch


def rates(deadline: Deadline, tiny: bool, peer: Peer | None) -> dict:
    """Of each size: instance-steps a second of both, and the shares of the card's peaks."""
    peak = hardware.rates(*(TINY_SQUARE, 2**12) if tiny else (SQUARE, 2**24))
    found: dict = {"peak": peak}
    for objective, batch in BATCHES.items():
        for n, m in SIZES[:1] if tiny else SIZES:
            deadline.left()
            case = case_of(objective, n=n, m=m, batch=64 if tiny else batch)
            ours = Contender(case, *(TINY_INSTANCES if tiny else INSTANCES))
            row: dict = {"instances": ours.instances, "toysup": [], "PyTorch": []}
            if peer:
                checked(case, peer)
                row["PyTorch's instances"] = some = min(
                    ours.instances, PEER_FLOATS // (case.batch * max(n, case.batch))
                )
            for _ in range(ROUNDS):
                row["toysup"].append(ours.rate(0.1 if tiny else SECONDS).wall)
                if peer:
                    rate = peer.rate(case, some, 0.1 if tiny else SECONDS)
                    row["PyTorch"].append(rate.wall)
            middle = sorted(row["toysup"])[ROUNDS // 2]
            row["share of flops"] = middle * flops_of(case) / peak["flops"]
            if case.pairs:
                row["share of exponentials"] = middle * case.batch**2 / peak["exponentials"]
            found[case.name] = row
    return found


def profile(deadline: Deadline, tiny: bool) -> dict:
    """The milliseconds of the longest operations in some steps, by objective."""
    import jax

    found = {}
    for objective, batch in BATCHES.items():
        deadline.left()
        case = case_of(objective, batch=64 if tiny else batch)
        ours = Contender(case, *(TINY_INSTANCES if tiny else INSTANCES))
        with tempfile.TemporaryDirectory() as folder:
            with jax.profiler.trace(folder):
                ours.run(PROFILED_STEPS)
            found[objective] = longest(Path(folder))
    return found


def longest(folder: Path) -> dict[str, float]:
    """Milliseconds by operation: of the card's streams, or where there is none, of all threads."""
    total: Counter = Counter()
    for path in folder.rglob("*.trace.json.gz"):
        events = json.loads(gzip.decompress(path.read_bytes()))["traceEvents"]
        names = {e["pid"]: e["args"]["name"] for e in events if e.get("name") == "process_name"}
        cards = {pid for pid, name in names.items() if "GPU" in name}
        for event in events:
            of_python = event.get("name", "$").startswith("$")
            if event.get("ph") == "X" and not of_python and (not cards or event["pid"] in cards):
                total[event["name"]] += event["dur"] / 1000
    return dict(total.most_common(SHOWN))


def parity(deadline: Deadline, tiny: bool) -> dict:
    """Whether the card's verdicts of a sweep are the processor's."""
    with tempfile.TemporaryDirectory() as folder:
        runs = {name: f"{folder}/{name}" for name in ("card", "processor")}
        for name, run in runs.items():
            place = {"JAX_PLATFORMS": "cpu"} if name == "processor" else {}
            # As in `tests`.
            place["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"
            words = ["toysup", "sweep", *(TINY if tiny else SWEEP), "--out", run, "--quiet"]
            done = deadline.run(words, **place)
            if done.returncode not in (0, 3):  # 3 is finished, with instances that diverged
                return {"failed": name, "said": done.stdout[-2000:]}
        compared = deadline.run(["toysup", "compare", runs["card"], runs["processor"]])
    return {"exit code": compared.returncode, "said": compared.stdout.splitlines()}


def main(
    tiny: Annotated[
        bool, typer.Option(help="Try out the script at sizes that say nothing.")
    ] = False,
    json_file: Annotated[Path, typer.Option("--json", "--out", help="Where to write JSON.")] = Path(
        "runs/gpu.json"
    ),
) -> None:
    """Check and time toysup on a card."""
    # jax would reserve most of the card, of which PyTorch and the tests need a part.
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    import jax

    from toysup.engine import machine

    deadline = Deadline()
    machine.configure()
    (device, *_), card = jax.local_devices(), jax.default_backend() != "cpu"
    tiny = tiny or not card
    if not card:
        print("There is no card here: tiny sizes on the processor, to try out the script.")
    found: dict = {"device": device.device_kind, "tiny": tiny}
    has_torch = importlib.util.find_spec("torch") is not None
    if not has_torch:
        print("PyTorch is not installed (pip install torch), and is left out.")
    with tempfile.TemporaryDirectory() as folder:
        peer = Peer(Path(folder), "cuda" if card else "cpu") if has_torch else None
        parts = {
            "rates": lambda: rates(deadline, tiny, peer),
            "profile": lambda: profile(deadline, tiny),
            "parity": lambda: parity(deadline, tiny),
            "tests": lambda: tests(deadline, tiny),
        }
        for name, part in parts.items():
            began = time.perf_counter()
            try:
                found[name] = part()
            except LateError:
                found[name] = f"not finished within {MINUTES} minutes"
            print(f"{name}, {time.perf_counter() - began:.0f} s:")
            print(json.dumps(found[name], indent=1))
            json_file.parent.mkdir(parents=True, exist_ok=True)
            json_file.write_text(json.dumps(found, indent=1))
        if peer:
            peer.close()
    print(f"JSON: {json_file}")


if __name__ == "__main__":
    typer.run(main)
