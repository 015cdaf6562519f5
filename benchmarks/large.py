"""What commands take that only read a run, for a run of very many instances.

    python -m benchmarks.large --instances 100000 --seeds 100
    python -m benchmarks.large --instances 100000 --seeds 10 --folder large   # keeps the run

A few models are trained, and their rows stand for all. So there is a run of any size within a
minute, with all columns of a real one. Each command is a process of its own; its time is that of
a core, and its memory the most that it held.
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from toysup import spec

TRAINED_SEEDS, TRAINED_DENSITIES = 10, 5
NOISE = 1e-3
KILOBYTE = 1000 if sys.platform == "darwin" else 1024  # of the unit of ru_maxrss, in bytes
CLAIMS = [
    {
        "name": "sometimes",
        "says": "The mean squared error minimises interference at some densities.",
        "rows": {"objective": "mse"},
        "verdict": ["minimising"],
        "holds": "sometimes",
        "predicted": "none",
        "outcome": "supported",
    },
    {
        "name": "than",
        "says": "InfoNCE is further from the best packing.",
        "rows": {"objective": "infonce", "feature_probability": {"max": 0.1}},
        "metric": "minimisation_index",
        "than": {"objective": "mse"},
        "below": 0,
        "holds": "always",
        "predicted": "none",
        "outcome": "supported",
    },
]
COMMANDS = (
    "report {run} --json",
    "report {run}",
    "check {run}",
    "show {run} --where objective=mse,feature_probability=1.0 --json",
    "compare {run} {run} --json",
)


def sweep(densities: int, seeds: int, steps: int) -> spec.Sweep:
    """Two losses over so many densities."""
    return spec.parse(
        {
            "seeds": seeds,
            "model": {"n_features": 20, "d_hidden": 5},
            "train": {"steps": steps, "batch_size": 256},
            "features": {
                "independent": {"feature_probability": {"linspace": [1.0, 0.01, densities]}}
            },
            "views": {"resample": {}},
            "objective": {"mse": {}, "infonce": {}},
            "claims": CLAIMS,
        }
    )


def trained(folder: Path, steps: int) -> pa.Table:
    """The rows of a few models."""
    from toysup.engine import local

    return local.run(sweep(TRAINED_DENSITIES, TRAINED_SEEDS, steps), folder).results()


def varied(table: pa.Table, fixed: list[str]) -> pa.Table:
    """The same rows with noise on their numbers, which else would compress to nothing."""
    noise = np.random.default_rng(table.column("condition")[0].as_py())

    def vary(array: pa.Array) -> pa.Array:
        if pa.types.is_struct(array.type):
            return pa.StructArray.from_arrays(map(vary, array.flatten()), fields=list(array.type))
        if pa.types.is_list(array.type):
            values = vary(array.flatten())
            return pa.ListArray.from_arrays(array.offsets, values, array.type)
        if not pa.types.is_floating(array.type) or array.null_count:
            return array
        values = array.to_numpy(zero_copy_only=False)
        return pa.array((values * noise.normal(1, NOISE, len(values))).astype(values.dtype))

    columns = [
        column if name in fixed else vary(column.combine_chunks())
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return pa.table(columns, schema=table.schema)


def forge(folder: Path, instances: int, seeds: int, steps: int) -> None:
    """Make a finished run of so many instances, from the rows of a few."""
    from toysup.engine import machine, opening
    from toysup.storage import rows
    from toysup.storage.store import Store

    with tempfile.TemporaryDirectory() as small:
        some = trained(Path(small) / "run", steps)
    plan = machine.plan_for(sweep(instances // (2 * seeds), seeds, steps), machine.configure())
    store = Store(folder)
    store.create(opening.about(plan, "toysup sweep large", machine.configure()))
    schema = rows.schema(plan)
    settings = schema.metadata[b"settings"].decode().split()

    def table(number: int, condition) -> pa.Table:
        """The rows of one condition: those of a trained one of its objective, over and over."""
        places = np.flatnonzero(
            (some.column("objective").to_numpy(zero_copy_only=False) == condition.objective)
            & (
                some.column("condition").to_numpy() % TRAINED_DENSITIES
                == number % TRAINED_DENSITIES
            )
        )
        found = some.take(np.resize(places, seeds))
        density = condition.settings["feature_probability"]
        told = {
            "condition": np.full(seeds, number),
            "seed": np.arange(seeds),
            "feature_probability": np.full(seeds, density),
        }
        for name, values in told.items():
            place = found.schema.get_field_index(name)
            found = found.set_column(
                place, found.field(name), pa.array(values, found.field(name).type)
            )
        return varied(found.cast(schema), [*told, *settings])

    at_once = max(1, 2**12 // seeds)

    def tables():
        for start in range(0, len(plan.conditions), at_once):
            some_conditions = list(enumerate(plan.conditions))[start : start + at_once]
            yield pa.concat_tables(table(*one) for one in some_conditions).combine_chunks()

    store.publish_tables(schema, tables())


def measured(words: list[str]) -> tuple[int, float, float, float]:
    """The exit code of a command, its seconds by the clock and of a core, and its peak in bytes."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "toysup", *words], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    code = os.waitstatus_to_exitcode(status)
    return code, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * KILOBYTE


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--instances", type=int, default=100_000)
    options.add_argument("--seeds", type=int, default=100)
    options.add_argument("--steps", type=int, default=500, help="of the models that are trained")
    options.add_argument("--folder", type=Path, help="where the run is made, or is already")
    options.add_argument("--command", action="append", help="with {run}; by default several")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary) / "large"
        if not folder.exists():
            # In a process of its own: a child's peak is at least what its parent holds.
            spawned = multiprocessing.get_context("spawn").Process(
                target=forge, args=(folder, asked.instances, asked.seeds, asked.steps)
            )
            spawned.start()
            spawned.join()
        size = (folder / "results.parquet").stat().st_size
        print(f"{asked.instances:,} instances, results.parquet of {size / 1e6:.0f} MB")
        for command in asked.command or COMMANDS:
            code, seconds, core, peak = measured(command.format(run=folder).split())
            print(
                f"{core:6.1f} s of a core, {seconds:6.1f} s, {peak / 1e9:.2f} GB, exit {code}: "
                f"toysup {command.format(run='RUN')}",
                flush=True,
            )


if __name__ == "__main__":
    main()
