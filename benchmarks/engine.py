"""toysup's engine against its peers and against the hardware: `python -m benchmarks.engine`.

All contenders train the same number of instances of the same sizes on the same cores, in turn,
over several rounds; the table shows medians with their spread in instance-steps a second.
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

from toysup import engine

INSTANCES = 28  # 14 conditions x 2 seeds
CASES = ("mse", "infonce")


def sweep(objective: str, steps: int) -> dict:
    """The peers' training as a sweep."""
    from benchmarks import peers

    mapping = {
        "seeds": 2,
        "model": {"n_features": peers.N, "d_hidden": peers.M},
        "train": {
            "steps": steps,
            "batch_size": peers.BATCH[objective],
            "learning_rate": peers.RATE,
            "schedule": "constant",
        },
        "features": {"independent": {"feature_probability": {"logspace": [1.0, 0.01, 14]}}},
        "objective": {objective: {}},
    }
    if objective == "infonce":
        mapping["views"] = {"mask": {"keep_probability": peers.KEEP}}
        mapping["objective"] = {objective: {"temperature": peers.TEMPERATURE}}
    return mapping


def toysup(objective: str, steps: int) -> tuple[float, float]:
    """(c) The public path: instance-steps a second of training, and of whole chunks."""
    from toysup import chunk, grid, spec

    plan = grid.plan(spec.parse(sweep(objective, steps)))
    training, began = 0.0, time.perf_counter()
    for part in plan.chunks:
        heard = []
        chunk.run(
            plan,
            part,
            lambda progress, heard=heard: heard.append((time.perf_counter(), progress.step)),
        )
        (start, first), (stop, last) = heard[0], heard[-1]
        training += (stop - start) * steps / (last - first)
    whole = time.perf_counter() - began
    return INSTANCES * steps / training, INSTANCES * steps / whole


def floors(objective: str, rates: dict[str, float]) -> dict[str, float]:
    """Instance-steps a second if one resource were all that counts."""
    from benchmarks import peers

    batch = peers.BATCH[objective]
    # Forward W x and W.T h, backward twice that: 6 products of 2 n m flops a sample for each.
    found = {"matrix products": rates["flops"] / (6 * 2 * peers.N * peers.M * batch)}
    if objective == "infonce":
        found["exponentials"] = rates["exponentials"] / batch**2
    return found


def main(
    rounds: Annotated[int, typer.Option(help="How often each contender runs.")] = 5,
    seconds: Annotated[float, typer.Option(help="How long a peer runs each time.")] = 3.0,
    json_file: Annotated[Path, typer.Option("--json", help="Where to write JSON.")] = Path(
        "runs/bench.json"
    ),
) -> None:
    """Time the engine against its peers and the hardware, in turn."""
    engine.configure()
    from benchmarks import hardware, peers

    contenders = {"plain JAX": "plain_jax"}
    if importlib.util.find_spec("torch"):
        contenders["PyTorch notebook"] = "torch_notebook"
    found: dict[str, dict] = {}
    for case in CASES:
        steps = 4000 if case == "mse" else 1500
        toysup(case, 200)
        runs: dict[str, list[float]] = {
            name: [] for name in ("toysup", "toysup, whole", *contenders)
        }
        speeds = []
        for _ in range(rounds):
            training, whole = toysup(case, steps)
            runs["toysup"].append(training)
            runs["toysup, whole"].append(whole)
            for name, contender in contenders.items():
                runs[name].append(peers.measured(contender, case, INSTANCES, seconds))
            speeds.append(hardware.rates())
        rates = {name: statistics.median(s[name] for s in speeds) for name in speeds[0]}
        found[case] = {"runs": runs, "hardware": rates, "floors": floors(case, rates)}
    json_file.parent.mkdir(parents=True, exist_ok=True)
    json_file.write_text(json.dumps({"versions": engine.versions(), "cases": found}, indent=1))
    show(found)
    print(f"JSON: {json_file}")


def show(found: dict) -> None:
    for case, result in found.items():
        ours = statistics.median(result["runs"]["toysup"])
        table = Table(title=f"{case}, instance-steps/s over {engine.cores()} cores")
        for column in ("contender", "median", "least", "most", "toysup is"):
            table.add_column(column, justify="left" if column == "contender" else "right")
        for name, values in result["runs"].items():
            median = statistics.median(values)
            cells = (f"{v:,.0f}" for v in (median, min(values), max(values)))
            table.add_row(name, *cells, f"{ours / median:.1f}x")
        for name, floor in result["floors"].items():
            table.add_row(f"floor: {name}", f"{floor:,.0f}", "", "", f"{ours / floor:.0%}")
        Console().print(table)


if __name__ == "__main__":
    typer.run(main)
