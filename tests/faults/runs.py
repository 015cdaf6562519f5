"""A small finished run, and what a command makes of a folder that was changed."""

import contextlib
import io
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from toysup.errors import ToysupError
from toysup.storage import manifest
from toysup.storage.parquet import parsed, seal
from toysup.storage.store import Store

ROOT = Path(__file__).parents[2]
MINI = """
seeds = {seeds}
[model]
n_features = 5
d_hidden = 2
[train]
steps = {steps}
batch_size = 16
learning_rate = 0.01
[features.independent]
feature_probability = 0.1
[objective.mse]
[[claims]]
name = "small"
says = "The loss is small."
metric = "loss"
below = 1000
predicted = "supported"
"""
BATCH = 500_000  # rows of a bomb that are written at a time
SECONDS, MEMORY = 20, 2e9  # the most that a command may take for a run that is refused


def mini(folder: Path, seeds: int = 4, steps: int = 60) -> Path:
    """A sweep file."""
    path = folder / "mini.toml"
    path.write_text(MINI.format(seeds=seeds, steps=steps))
    return path


@dataclass(frozen=True)
class Ended:
    """How a command ended, in its own process."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def in_one_line(self) -> bool:
        return "Traceback" not in self.err and self.err.count("\n") == 1


def started(*words, cwd: Path, **environment) -> subprocess.Popen:
    """A toysup in a process of its own, whichever one is installed."""
    env = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    command = [sys.executable, "-m", "toysup", *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=cwd, env=env, text=True, **pipes)


def toysup(*words, cwd: Path, timeout: float = 120, **environment) -> Ended:
    began = time.perf_counter()
    process = started(*words, cwd=cwd, **environment)
    out, err = process.communicate(timeout=timeout)
    return Ended(process.returncode, out, err, time.perf_counter() - began)


def in_process(call) -> str:
    """The exit code and message of the error that a call ends with, or "fine"; another error than
    a user's is raised."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            call()
    except ToysupError as error:
        return f"{error.exit_code}: {error}"
    return "fine"


def resealed(store: Store, change) -> None:
    """Change a manifest as a stranger would, who knows how to make its digest."""
    content = json.loads(store.manifest_path.read_bytes())
    change(content)
    store.manifest_path.write_bytes(manifest.sealed(content))


def forged(store: Store, change) -> None:
    """Change the results as a stranger would, with all of their digests."""
    path = store.results_path
    table = parsed(path, path.read_bytes(), lambda metadata: "")
    changed = change(table)
    store.publish_tables(changed.schema, [changed])


def with_column(table: pa.Table, name: str, values) -> pa.Table:
    """A table with other values in a column."""
    place = table.column_names.index(name)
    kind = table.schema.field(place)
    array = values if isinstance(values, pa.Array) else pa.array(values, kind.type)
    return table.set_column(place, kind.with_type(array.type), array)


def bomb(table: pa.Table, rows: int) -> bytes:
    """A table of so many equal rows, in a small file."""
    names = ("condition", "seed", "outcome", "loss")
    some = pa.table({name: pa.repeat(table.column(name)[0], BATCH) for name in names})
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, some.schema, compression="zstd") as writer:
        for _ in range(rows // BATCH):  # this process must stay small, too
            writer.write_table(some, row_group_size=BATCH)
    seal(sink)
    return sink.getvalue()
