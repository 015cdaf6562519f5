"""A sweep from its file to its results: what the command line and the Python API both do."""

import contextlib
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# First: a value of a variable that jax refuses is a line.
import toysup.engine.environment as environment
from toysup import grid, spec
from toysup.engine import forecast, local, machine
from toysup.engine.disk import check_disk
from toysup.engine.on_dask import OnDask
from toysup.engine.opening import extended, fresh_folder
from toysup.engine.session import Update
from toysup.engine.signals import Signals
from toysup.errors import ToysupError
from toysup.grid import limits
from toysup.spec.plugins import used_in_every_sweep
from toysup.storage.shard import WHOLE, Shard
from toysup.storage.store import Store

RUNS = Path("runs")  # the folder of runs, unless one is given


@dataclass(frozen=True)
class Request:
    """A sweep as a user asks for it.

    `source` is a sweep file, the name of a packaged sweep, or a mapping shaped like a file.
    `changes` are settings as KEY=VALUE. `small` asks for the sweep's small version. `devices` and
    `lanes` are None where the machine decides. `dask` is the address of a cluster that trains.
    """

    source: str | Path | Mapping
    changes: Sequence[str] = ()
    small: bool = False
    devices: int | None = None
    lanes: int | None = None
    dask: str | None = None

    @property
    def is_file(self) -> bool:
        return isinstance(self.source, str | Path)

    @cached_property
    def sweep(self) -> spec.Sweep:
        """The sweep. SpecError with every fault of it."""
        if isinstance(self.source, str | Path):
            return spec.read(self.source, overrides=self.changes, small=self.small)
        return spec.parse(self.source, overrides=self.changes, small=self.small)

    def command(self, folder: Path) -> str | None:
        """The command that starts and resumes the run; None for a mapping."""
        if not self.is_file:
            return None
        small = ["--small"] if self.small else []
        sets = [word for change in self.changes for word in ("--set", change)]
        options = {"--devices": self.devices, "--lanes": self.lanes, "--dask": self.dask}
        given = [word for name, value in options.items() if value for word in (name, str(value))]
        plugins = [word for path in used_in_every_sweep() for word in ("--plugin", str(path))]
        words = [
            "toysup",
            *plugins,
            "sweep",
            str(self.source),
            *small,
            *sets,
            *given,
            "--out",
            str(folder),
        ]
        return shlex.join(words)


def run_sweep(
    request: Request,
    out: Path | None = None,
    fresh: bool = False,
    callback: Callable[[Update], None] = lambda update: None,
    signals: Signals | None = None,
    extend: bool = False,
    shard: Shard = WHOLE,
) -> Store:
    """Train what is missing of a sweep, in the folder `out` or in runs/NAME. See `local.run`.

    `fresh` takes the first of NAME, NAME-2, ... that does not exist; `extend` lets the run that is
    there grow into the sweep. A `shard` trains its own chunks only.
    """
    if fresh and shard != WHOLE:
        raise ToysupError(
            "--shard trains a part of a run that all shards share, and --fresh starts one that no "
            "other has: give each shard the same new folder with --out."
        )
    if fresh and extend:
        raise ToysupError("--extend grows a run, and --fresh starts a new one: use one of them.")
    sweep = request.sweep
    folder = out or RUNS / sweep.name
    with fresh_folder(folder) if fresh else contextlib.nullcontext(folder) as chosen:
        command = request.command(chosen)
        asked = request.devices, request.lanes
        engine = local.Here() if request.dask is None else OnDask(request.dask)
        return local.run(sweep, chosen, command, callback, *asked, signals, extend, engine, shard)


def forecast_sweep(
    request: Request,
    callback: Callable[[int, int], None] = lambda done, stacks: None,
    out: Path | None = None,
    extend: bool = False,
    shard: Shard = WHOLE,
    timed: bool = True,
) -> dict:
    """The plan of a sweep in outline, with the time, memory and disk that it would take. Trains
    nothing but a few steps of each stack, and `callback` is called before each.

    Where it is not `timed`, nothing is trained or compiled, and time and memory are left out.

    With `extend` it is the plan that the run in `out` or in runs/NAME would grow into: `there` and
    `to_train` say how many of its instances are trained and how many are not.
    """
    if shard != WHOLE:
        raise ToysupError("--dry-run and --plan show the plan of all shards: leave out --shard.")
    if request.dask is not None:
        raise ToysupError("--dry-run times the programs on this machine: leave out --dask.")
    sweep = request.sweep
    devices = machine.configure(request.devices, compiles=timed)
    with environment.settings():
        if not extend:
            plan = machine.plan_for(sweep, devices, request.lanes)
            missing, counts = plan.chunks, {}
        else:
            store = Store(out or RUNS / sweep.name)
            plan = extended(store, sweep, devices, request.lanes)
            missing = store.missing(plan.chunks)
            left = sum(chunk.instances for chunk in missing)
            counts = {"there": plan.instances - left, "to_train": left}
        limits.check_memory(plan, devices)
        check_disk(plan, missing, out or RUNS / sweep.name)
        costs = vars(forecast.forecast(plan, devices, callback, missing)) if timed else {}
        return grid.outline(plan) | counts | costs
