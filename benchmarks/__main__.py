"""toysup against its peers and the hardware: `python -m benchmarks`, in about ten minutes.

Contenders train the same instances on the same cores, in turn, over several rounds; the tables show
medians. PyTorch is optional: `pip install torch`. JSON is written after each part.
"""

import importlib.util
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import directions, growth, hardware, objectives, sizes
from benchmarks.pytorch import Peer
from toysup.engine import machine, sources
from toysup.resources.container import cores

PARTS = ("sizes", "objectives", "compiling", "growth", "judge")
AGAINST_PYTORCH = {"sizes", "objectives"}


def main(
    rounds: Annotated[int, typer.Option(help="How often each contender runs.")] = 3,
    largest: Annotated[int, typer.Option(help="The most instances of the growth table.")] = 1_000,
    judged: Annotated[int, typer.Option(help="The most directions of toysup judge.")] = 16_384,
    only: Annotated[
        list[str] | None, typer.Option(help="The parts to run; all by default.")
    ] = None,
    json_file: Annotated[Path, typer.Option("--json", "--out", help="Where to write JSON.")] = Path(
        "runs/bench.json"
    ),
) -> None:
    """Time the engine against its peers and the hardware, in turn."""
    if unknown := set(only or ()) - set(PARTS):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}")
    devices = machine.configure()
    found: dict = {"versions": sources.versions(devices), "cores": cores()}
    found["hardware"] = hardware.rates()
    hardware.show(found["hardware"])
    with tempfile.TemporaryDirectory() as folder:
        peer = peer_in(Path(folder)) if AGAINST_PYTORCH & set(only or PARTS) else None
        measures = {
            "sizes": (lambda: sizes.measure(rounds, peer), sizes.show),
            "objectives": (lambda: objectives.measure(rounds, peer), objectives.show),
            "compiling": (growth.compiling, growth.show_compiling),
            "growth": (lambda: growth.table(largest), growth.show),
            "judge": (lambda: directions.measure(judged), directions.show),
        }
        for name in only or PARTS:
            measure, show = measures[name]
            load, began = os.getloadavg()[0], time.perf_counter()
            found[name] = measure()
            seconds = time.perf_counter() - began
            found.setdefault("took", {})[name] = {"seconds": seconds, "load before": load}
            show(found[name])
            print(f"{name} took {seconds:.0f} s; the machine's load was {load:.1f} before.\n")
            json_file.parent.mkdir(parents=True, exist_ok=True)
            json_file.write_text(json.dumps(found, indent=1))
        if peer:
            peer.close()
    print(f"JSON: {json_file}")


def peer_in(folder: Path) -> Peer | None:
    """PyTorch, or None and a line where it is not installed."""
    if importlib.util.find_spec("torch"):
        return Peer(folder)
    print("PyTorch is not installed (pip install torch), and is left out.")
    return None


if __name__ == "__main__":
    typer.run(main)
