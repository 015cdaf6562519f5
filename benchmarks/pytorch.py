"""PyTorch, in a process of its own that waits for what to train: `Peer`.

The process is `python -m benchmarks.pytorch DEVICE`. It reads a question a line as JSON and answers
with a line: the loss of a batch that it is given, or instance-steps a second.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.case import KEEP, RATE, Case
from benchmarks.clock import Clock, Rate
from toysup.resources.container import cores

UNCOUNTED = 3  # steps: the first ones reserve memory


class Peer:
    """PyTorch on as many threads as there are cores, or on a card."""

    def __init__(self, folder: Path, device: str = "cpu"):
        # The engine's own settings of XLA and of threads are not PyTorch's. Threads that wait for
        # each other spin otherwise, which on a machine with other work makes PyTorch ten times
        # slower.
        kept = {k: v for k, v in os.environ.items() if k not in ("XLA_FLAGS", "OMP_NUM_THREADS")}
        kept["OMP_WAIT_POLICY"] = "PASSIVE"
        command = [sys.executable, "-m", "benchmarks.pytorch", device]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": kept}
        self.folder, self.process = folder, subprocess.Popen(command, **pipes)

    def ask(self, **question):
        print(json.dumps(question), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"PyTorch ended with {self.process.wait()}")
        return json.loads(answer)

    def loss(self, case: Case, start: dict[str, np.ndarray]) -> float:
        """The loss of one model on one batch; both are kept as the start of `rate`."""
        np.savez(self.folder / f"{case.name}.npz", **start)
        return self.ask(what="loss", folder=str(self.folder), case=asdict(case))

    def rate(self, case: Case, instances: int, seconds: float) -> Rate:
        """Instance-steps a second, over about `seconds`."""
        sizes = {"instances": instances, "seconds": seconds}
        return Rate(*self.ask(what="rate", folder=str(self.folder), case=asdict(case), **sizes))

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def start_of(folder: str, case: Case, device: str) -> dict:
    """What `Peer.loss` kept: parameters by name, and a batch as x, or a and b, and noise."""
    import torch

    with np.load(Path(folder, f"{case.name}.npz")) as kept:
        return {name: torch.tensor(kept[name], device=device) for name in kept.files}


def batch_of(start: dict):
    """The batch and the noise that a start has, taken out of it; with an axis of one instance."""
    x = start.pop("x")[None] if "x" in start else (start.pop("a")[None], start.pop("b")[None])
    return x, start.pop("noise")[None] if "noise" in start else None


def loss(folder: str, case: Case, device: str) -> float:
    from benchmarks import counterparts

    start = start_of(folder, case, device)
    x, noise = batch_of(start)
    found = getattr(counterparts, case.objective)({k: v[None] for k, v in start.items()}, x, noise)
    return found.item()


def rate(folder: str, case: Case, device: str, instances: int, seconds: float) -> Rate:
    import torch

    from benchmarks import counterparts

    start = start_of(folder, case, device)
    batch_of(start)
    p = {k: v.expand(instances, *v.shape).clone().requires_grad_() for k, v in start.items()}
    critic = [v for k, v in p.items() if k.startswith("critic")]
    others = [v for k, v in p.items() if not k.startswith("critic")]
    groups = [{"params": others}, {"params": critic, "lr": RATE * counterparts.CRITIC_RATE}]
    optimizer = torch.optim.Adam(groups if critic else groups[:1], lr=RATE)
    function = getattr(counterparts, case.objective)
    kind, axis = counterparts.DRAWS.get(case.objective, ("", "n"))
    rows = instances, case.batch
    random = {"uniform": torch.rand, "normal": torch.randn}
    draw = partial(random[kind], *rows, getattr(case, axis), device=device) if kind else int

    def sample():
        shape = *rows, case.n
        size = torch.rand(shape, device=device)
        size = 2 * size - 1 if case.signed else size
        x = torch.where(torch.rand(shape, device=device) <= case.density, size, 0.0)
        if not case.pairs:
            return x
        return [torch.where(torch.rand_like(x) < KEEP, x, 0.0) for _ in range(2)]

    def step():
        optimizer.zero_grad(set_to_none=True)
        function(p, sample(), draw()).sum().backward()
        optimizer.step()

    def wait():
        if device != "cpu":
            torch.cuda.synchronize()

    for _ in range(UNCOUNTED):
        step()
    wait()
    steps, clock = 0, Clock()
    while clock.seconds < seconds:
        step()
        steps += 1
        wait()
    return clock.rate(steps * instances)


def main() -> None:
    import torch

    torch.set_num_threads(cores())
    for line in sys.stdin:
        asked = json.loads(line)
        function = {"loss": loss, "rate": rate}[asked.pop("what")]
        case = Case(**asked.pop("case"))
        print(json.dumps(function(case=case, device=sys.argv[1], **asked)), flush=True)


if __name__ == "__main__":
    main()
