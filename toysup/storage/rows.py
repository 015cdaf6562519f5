"""A trained chunk -> rows of the results, one for each instance and set of directions."""

import math

import numpy as np
import pyarrow as pa

from toysup import columns, registry
from toysup.columns.fixed import Field
from toysup.grid import Chunk, Plan
from toysup.measure import outcome
from toysup.measure.measurement import Measurements
from toysup.storage.values import (
    of_conditions,
    of_outcome,
    of_recording,
    of_runs,
    setting_names,
)


def fields_of(plan: Plan) -> list[Field]:
    """The columns of a plan's results."""
    plugins = [("objectives", c.objective) for c in plan.conditions]
    plugins += [("features", c.features) for c in plan.conditions]
    return columns.fields(setting_names(plan), dict.fromkeys(plugins), bool(plan.sweep.record))


def schema(plan: Plan) -> pa.Schema:
    """The Arrow schema of a plan's results, with each column's meaning in its metadata."""
    described = [
        pa.field(
            f.name,
            f.type,
            metadata={"description": f.description, "unit": f.unit, "source": f.source},
        )
        for f in fields_of(plan)
    ]
    names = setting_names(plan)
    return pa.schema(described, metadata={"settings": " ".join(names), "title": plan.sweep.title})


def table(plan: Plan, chunk: Chunk, measured: Measurements) -> pa.Table:
    """The rows of a measured chunk: seeds times conditions, for each set of directions."""
    sets = [table_of(plan, chunk, measured, name) for name in measured.whole.codes]
    return pa.concat_tables(sets)


def table_of(plan: Plan, chunk: Chunk, measured: Measurements, directions: str) -> pa.Table:
    """The rows of one set of directions."""
    shape = measured.whole.loss.shape
    whole, half = (
        of_runs(runs, directions, measured.features) for runs in (measured.whole, measured.half)
    )
    recorded = measured.recorded
    objective = registry.load("objectives", plan.conditions[chunk.conditions[0]].objective)
    parameters = objective().parameter_values(measured.extra_parameters)
    values = {
        **of_conditions(plan, chunk),
        "condition": np.broadcast_to(np.array(chunk.conditions), shape),
        "directions": np.full(shape, directions),
        "seed": np.broadcast_to(np.array(chunk.seeds)[:, None], shape),
        "chance": measured.chance,
        "stake": measured.stake,
        "stake_error": measured.stake_error,
        "effective_density": measured.effective_density,
        "loss_curve": measured.loss_curve,
        **of_recording(plan.sweep.record, recorded.losses, recorded.W.get(directions)),
        **of_outcome(plan, chunk, measured.initial_loss, whole, half, parameters),
        **whole,
        columns.HALF: half,
        **parameters,
    }
    arrays = [column(field, values.get(field.name), math.prod(shape)) for field in fields_of(plan)]
    return pa.table(arrays, schema=schema(plan))


def column(field: Field, values: np.ndarray | list | dict | None, rows: int) -> pa.Array:
    """One column: an array that leads with (seeds, conditions), a list with a value for each row,
    or the columns of a struct by name. None, or a value that is None, is null.

    TypeError where a null is in a column that is not optional.
    """
    if values is None:
        array = pa.nulls(rows, field.type)
    elif isinstance(values, dict):
        parts = [column(part, values.get(part.name), rows) for part in field.parts]
        array = pa.StructArray.from_arrays(parts, fields=list(field.type))
    elif isinstance(values, list):
        array = pa.array(values, field.type)
    else:
        flat = values.reshape(rows, -1)
        if pa.types.is_list(field.type):
            kind = field.type.value_type.to_pandas_dtype()
            array = pa.array(list(flat.astype(kind)), field.type)
        else:
            array = pa.array(flat[:, 0].tolist(), field.type)
    if array.null_count and not field.optional:
        raise TypeError(f"column {field.name}: has no value, and is not declared optional")
    return array


def count_diverged(rows: pa.Table) -> int:
    """How many instances diverged, in any of their sets of directions."""
    names = ("condition", "seed", "outcome")
    every = zip(*(rows.column(name).to_pylist() for name in names), strict=True)
    return len({(condition, seed) for condition, seed, o in every if o == outcome.DIVERGED})
