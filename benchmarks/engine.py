"""toysup's engine against its peers and against the hardware: `python -m benchmarks.engine`.

All contenders train the same number of instances of the same sizes on the same cores, in turn,
over several rounds; tables show medians with their spread in instance-steps a second. Then what
compiling costs a first and a second process, and how time and memory grow with the instances.
PyTorch is optional: without it, its rows are left out.
"""

import importlib.util
import json
import statistics
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks import growth, hardware, peers
from toysup.engine import machine
from toysup.grid.container import cores

CONDITIONS, SEEDS = 16, 2
INSTANCES = CONDITIONS * SEEDS
# Objective, batch and steps. The large batch is for our rate of a pair alone.
CASES = {"mse": ("mse", 1024, 4000), "infonce": ("infonce", 256, 1500)}
LARGE = ("infonce", 1024, 100)


def sweep(objective: str, batch: int, steps: int) -> dict:
    """The peers' training as a sweep."""
    mapping = {
        "seeds": SEEDS,
        "model": {"n_features": peers.N, "d_hidden": peers.M},
        "train": {
            "steps": steps,
            "batch_size": batch,
            "learning_rate": peers.RATE,
            "schedule": "constant",
        },
        "features": {"independent": {"feature_probability": {"logspace": [1.0, 0.01, CONDITIONS]}}},
        "objective": {objective: {}},
    }
    if objective == "infonce":
        mapping["views"] = {"mask": {"keep_probability": peers.KEEP}}
        mapping["objective"] = {objective: {"temperature": peers.TEMPERATURE}}
    return mapping


def toysup(objective: str, batch: int, steps: int) -> tuple[float, float]:
    """(c) The public path: instance-steps a second of training, and of whole chunks."""
    from toysup import grid, spec
    from toysup.engine import chunk

    plan = grid.plan(spec.parse(sweep(objective, batch, steps)), SEEDS)
    training, began = 0.0, time.perf_counter()
    for part in plan.chunks:
        heard = []
        chunk.run(
            plan,
            part,
            lambda progress, heard=heard: heard.append((time.perf_counter(), progress.done)),
        )
        (start, first), (stop, last) = heard[0], heard[-1]
        training += (stop - start) / (last - first)
    whole = time.perf_counter() - began
    return INSTANCES * steps / training, INSTANCES * steps / whole


def floors(objective: str, batch: int, rates: dict[str, float]) -> dict[str, float]:
    """Instance-steps a second if one resource were all that counts."""
    from toysup.grid.lanes import group_size

    sizes = {"n_features": peers.N, "d_hidden": peers.M, "batch_size": batch}
    group = group_size(objective, "linear", sizes)
    # Of 2 n m flops a sample each, for MSE: W x, W.T h, and for the gradient h d.T, W d, (W d) x.T.
    products, draws = 5 * 2 * peers.N * peers.M * batch, peers.N * batch
    if objective == "infonce":
        # W x and its gradient for both views; a.T b and the two products of its gradient.
        products = 2 * 2 * 2 * peers.N * peers.M * batch + 3 * 2 * peers.M * batch**2
        draws = 3 * peers.N * batch
    found = {
        "matrix products": rates["flops"] / products,
        f"uniform draws, for {group} lanes": group * rates["uniforms"] / draws,
    }
    if objective == "infonce":
        found["exponentials"] = rates["exponentials"] / batch**2
    return found


def compare(rounds: int, seconds: float) -> dict[str, dict]:
    """Every contender of every case, in turn."""
    contenders = {"plain JAX": "plain_jax"}
    if importlib.util.find_spec("torch"):
        contenders["PyTorch notebook"] = "torch_notebook"
    found = {}
    for name, case in CASES.items():
        for warm_up in (case, LARGE) if name == "infonce" else (case,):
            toysup(*warm_up[:2], 60)
        runs: dict[str, list[float]] = {n: [] for n in ("toysup", "toysup, whole", *contenders)}
        large, speeds, compiling = [], [], {n: [] for n in contenders}
        for _ in range(rounds):
            training, whole = toysup(*case)
            runs["toysup"].append(training)
            runs["toysup, whole"].append(whole)
            for label, contender in contenders.items():
                rate, first = peers.measured(contender, name, INSTANCES, seconds)
                runs[label].append(rate)
                compiling[label].append(first)
            if name == "infonce":
                large.append(toysup(*LARGE)[0])
            speeds.append(hardware.rates())
        rates = {key: statistics.median(s[key] for s in speeds) for key in speeds[0]}
        found[name] = {
            "runs": runs,
            "first step, seconds": {n: statistics.median(v) for n, v in compiling.items()},
            "hardware": rates,
            "floors": floors(*case[:2], rates),
        }
        if large:
            pairs = (LARGE[1] / case[1]) ** 2
            ratio = pairs * statistics.median(large) / statistics.median(runs["toysup"])
            found[name]["rate of a pair at batch 1024, of that at 256"] = ratio
    return found


def main(
    rounds: Annotated[int, typer.Option(help="How often each contender runs.")] = 5,
    seconds: Annotated[float, typer.Option(help="How long a peer runs each time.")] = 3.0,
    largest: Annotated[int, typer.Option(help="The most instances of the growth table.")] = 10_000,
    json_file: Annotated[Path, typer.Option("--json", help="Where to write JSON.")] = Path(
        "runs/bench.json"
    ),
) -> None:
    """Time the engine against its peers and the hardware, in turn."""
    machine.configure()
    found = {"versions": machine.versions(), "cases": compare(rounds, seconds)}
    show(found["cases"])
    found["compiling"] = growth.compiling()
    growth.show_compiling(found["compiling"])
    found["growth"] = growth.table(largest)
    growth.show(found["growth"])
    json_file.parent.mkdir(parents=True, exist_ok=True)
    json_file.write_text(json.dumps(found, indent=1))
    print(f"JSON: {json_file}")


def show(found: dict) -> None:
    """The tables of `compare`."""
    for case, result in found.items():
        ours = statistics.median(result["runs"]["toysup"])
        table = Table(title=f"{case}, instance-steps/s over {cores()} cores")
        for column in ("contender", "median", "least", "most", "toysup is"):
            table.add_column(column, justify="left" if column == "contender" else "right")
        for name, values in result["runs"].items():
            median = statistics.median(values)
            cells = (f"{v:,.0f}" for v in (median, min(values), max(values)))
            table.add_row(name, *cells, f"{ours / median:.1f}x")
        for name, floor in result["floors"].items():
            table.add_row(f"floor: {name}", f"{floor:,.0f}", "", "", f"{ours / floor:.0%}")
        Console().print(table)
        for name, first in result["first step, seconds"].items():
            print(f"{name}: first step, which compiles, {first:.2f} s")
        for name, value in result.items():
            if isinstance(value, float):
                print(f"{name}: {value:.2f}")


if __name__ == "__main__":
    typer.run(main)
