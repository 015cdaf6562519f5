"""Cells of a run are trained again in a scratch folder, and held beside its results row by row."""

import shlex
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from toysup.compare.identical import both_columns, same_rows
from toysup.compare.settings import changed_making
from toysup.engine import growing, machine
from toysup.engine.local import Here, LocalRun
from toysup.engine.opening import about
from toysup.errors import ToysupError
from toysup.grid import Plan
from toysup.grid.part import chosen
from toysup.reproduce import Changed
from toysup.reproduce.scratch import Work, ready
from toysup.storage.folder import check_usable, clear
from toysup.storage.store import Store
from toysup.storage.validate import settings_of
from toysup.verdict import judge
from toysup.verdict.needed import needed
from toysup.verdict.telling import full_case, telling

FOLDER = "{}-reproduced"


@dataclass(frozen=True, kw_only=True)
class Reproduction:
    """What came of training cells of a run again."""

    run: str
    folder: str  # where the new rows are; "" where they were the same, and were removed
    conditions: tuple[int, int]  # trained again, and all
    trained: int  # instances, in this call; the others were there from one that was stopped
    rows: int
    identical: int  # rows that are the same, bit for bit in every column
    made_with: tuple[str, ...]  # code, versions and machine that differ, a line each
    largest: dict[str, float]  # column -> the largest difference of a row, if there is any
    verdicts: int
    changed: tuple[Changed, ...]  # verdicts that would be others with the new rows

    @property
    def agrees(self) -> bool:
        """The verdicts are the same, and with the same code, versions and machine the bytes are."""
        return not self.changed and (bool(self.made_with) or self.identical == self.rows)


def reproduce(
    run: Path, work: Work, share: float = 1.0, seed: int = 0, out: Path | None = None
) -> Reproduction:
    """Train a random `share` of the conditions of a run again, with all seeds, in the folder `out`
    or in NAME-reproduced. `seed` chooses them.

    Raises what `local.run` raises. A stopped reproduction is finished by the same call.
    """
    if not 0 < share <= 1:
        raise ToysupError(f"--share {share:g}: must be above 0 and at most 1.")
    store = Store(run)
    stored = store.results(needed)
    scratch = Store(out or run.with_name(FOLDER.format(run.resolve().name)))
    with ready(store, work) as (_, devices, signals):
        whole = growing.plans(store.manifest())[-1]
        plan = machine.part_for(whole, chosen(whole, share, seed), devices)
        words = ["toysup", "reproduce", str(run), "--share", f"{share:g}", "--seed", str(seed)]
        command = shlex.join([*words, "--out", str(scratch.folder), *work.words])
        check_usable(scratch.folder)
        with scratch.lock():
            clear(scratch.folder)
            there = begun(scratch, about(plan, command, devices))
            opened = LocalRun(scratch, plan, command, signals, work.callback, devices, Here())
            signals.message = opened.stopped
            opened.finish()
        result = held_beside(store, stored, scratch, plan, there)
    if result.identical == result.rows:
        shutil.rmtree(scratch.folder)
    return result


def begun(scratch: Store, content: dict) -> int:
    """Begin a scratch folder, or go on with one of the same content; the number of instances that
    are in it already. ToysupError where it holds anything else."""
    if not scratch.manifest_path.exists():
        scratch.create(content, ())
        return 0
    manifest = scratch.manifest()
    if any(manifest[name] != content[name] for name in content if name != "command"):
        raise ToysupError(
            f"{scratch.folder}: holds something else. Remove it, or choose a folder with --out."
        )
    chunks = [c for c in manifest["plan"]["chunks"] if scratch.has_part(c["id"])]
    return sum(len(c["conditions"]) * len(c["seeds"]) for c in chunks)


def held_beside(
    store: Store, stored: pa.Table, scratch: Store, plan: Plan, there: int
) -> Reproduction:
    """The rows of a scratch folder beside those of the run; `stored` has what verdicts need."""
    again = scratch.results(needed)
    numbers = again.column("condition").unique().to_pylist()
    same, differences = differing(store, scratch, stored, again.num_rows, numbers)
    verdicts, changed = changed_verdicts(stored, again, numbers)
    return Reproduction(
        run=str(store.folder),
        folder="" if same.all() else str(scratch.folder),
        conditions=(len(numbers), len(plan.conditions)),
        trained=plan.instances - there,
        rows=len(same),
        identical=int(same.sum()),
        made_with=changed_making(store, scratch),
        largest=differences,
        verdicts=verdicts,
        changed=changed,
    )


def differing(
    store: Store, scratch: Store, stored: pa.Table, again: int, numbers: Collection[int]
) -> tuple[np.ndarray, dict[str, float]]:
    """Whether each of the `again` new rows is the same, bit for bit in every column; and the
    largest absolute difference of each column of numbers, the largest first.

    Infinite where one of the two has a number and the other none, and for `directions` where they
    have other sets of them.
    """
    rows = np.isin(stored.column("condition").to_numpy(), list(numbers))
    if rows.sum() != again:
        return np.zeros(again, bool), {"directions": np.inf}
    same, found = np.ones(again, bool), {}
    with store.column_file() as one, scratch.column_file() as other:
        for name, before, now in both_columns(one, other):
            before = before if before is None else before.filter(pa.array(rows))
            equal = same_rows(before, now)
            same &= equal
            if not equal.all() and before is not None and now is not None:
                found[name] = largest(before, now)
    return same, {n: v for n, v in sorted(found.items(), key=lambda item: -item[1]) if v}


def largest(before: pa.Array, now: pa.Array) -> float:
    """The largest difference of a column, as in `differing`; 0 for one of no numbers."""
    a, b = flat(before), flat(now)
    if a is None or b is None:
        return 0.0
    if len(a) != len(b) or (np.isnan(a) != np.isnan(b)).any():
        return np.inf
    with np.errstate(invalid="ignore"):  # inf less inf, where both diverged alike
        return float(np.nanmax(np.where(a == b, 0, abs(a - b)), initial=0))


def flat(column: pa.Array) -> np.ndarray | None:
    """The numbers of a column, or of its lists, one after the other; None where it has others."""
    values = column.flatten() if pa.types.is_list(column.type) else column
    if not (pa.types.is_floating(values.type) or pa.types.is_integer(values.type)):
        return None
    return values.to_numpy(zero_copy_only=False).astype(float)


def changed_verdicts(
    stored: pa.Table, again: pa.Table, numbers: Collection[int]
) -> tuple[int, tuple[Changed, ...]]:
    """How many verdicts there are of some conditions, and those that would be others had the run
    had the new rows: each is judged beside the same other conditions."""
    settings = settings_of(stored)
    old = stored.to_pandas()
    new = pd.concat([old[~old["condition"].isin(numbers)], again.to_pandas()], ignore_index=True)
    first, second = (judge(frame, settings).verdicts for frame in (old, new))
    names = telling(first)
    now = {(v.condition, v.directions): v.label.value for v in second}
    concerned = [v for v in first if v.condition in numbers]
    changed = []
    for v in concerned:
        label, case = now[v.condition, v.directions], full_case(v)
        if label != v.label.value:
            told = {name: case[name] for name in ("objective", *names[v.objective]) if name in case}
            name = ", ".join(f"{key}={value}" for key, value in told.items())
            changed.append(Changed(name, v.label.value, label))
    return len(concerned), tuple(changed)
