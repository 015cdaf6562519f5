"""`[record]`: the steps of the training at which directions and loss are kept.

    [record]
    steps = { logspace = [1, 10000, 60] }

This is not an axis of the grid. 0 is before training; k is after k steps, as in a run of k steps.
"""

from collections.abc import Sequence
from typing import Any

from toysup.registry import Setting
from toysup.spec import axes
from toysup.spec.faults import Faults, did_you_mean, quote
from toysup.spec.tables import RECORD, plugin, table_at

STEP = Setting("steps", int, 0, static=True, doc="a step to record", low=0)
PATH = f"{RECORD}.{STEP.name}"


def read(raw: Any, faults: Faults) -> tuple[int, ...]:
    """The steps of the table, in order; none where there is no table."""
    if raw is None:
        return ()
    if not isinstance(raw, dict):
        faults.add(RECORD, f"must be a table, found {quote(raw)}.")
        return ()
    for key in raw:
        if key != STEP.name:
            hint = did_you_mean(str(key), [STEP.name])
            faults.add(f"{RECORD}.{key}", f"is not a key of it.{hint} It takes: {STEP.name}.")
    if STEP.name not in raw:
        faults.add(RECORD, "has no steps. Say when to record: steps = [0, 10, 100].")
        return ()
    values = raw[STEP.name]
    if isinstance(values, dict):
        before = len(faults.lines)
        values = whole_steps(axes.make(values, PATH, faults))
        if len(faults.lines) > before:
            return ()
    return tuple(sorted(axes.read(values, STEP, PATH, faults)))


def whole_steps(values: Sequence[float]) -> list[int]:
    """Values rounded to whole steps, each once: the first of a logspace round to the same step.

    >>> whole_steps([1, 1.3, 1.7, 2.2])
    [1, 2]
    """
    return list(dict.fromkeys(round(value) for value in values))


def check(sweep, raw: dict, faults: Faults) -> None:
    """Check that every step is within every run, and that each encoder has a matrix to record."""
    if not sweep.record:
        return
    for name in sweep.objective:
        own = f"objective.{name}.train"
        path = f"{own if 'steps' in table_at(raw, own) else 'train'}.steps"
        shortest = min(sweep.objective_train[name]["steps"], default=sweep.record[-1])
        late = [step for step in sweep.record if step > shortest]
        if late:
            faults.add(
                PATH,
                f"has {late[-1]}, and {path} is {shortest}: nothing happens after the last step. "
                f"Record up to {shortest}.",
            )
    for name in sweep.encoder:
        if not plugin("encoder", name).has_matrix:
            faults.add(
                RECORD,
                f"records a matrix, and encoder.{name} has no single one: use [encoder.linear] or "
                "[encoder.relu], or leave the table out.",
            )
