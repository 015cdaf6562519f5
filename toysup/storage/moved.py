"""The parts of a run from before it grew -> the form of today: their conditions have other numbers,
and there may be columns that other plug-ins brought, which are empty in their rows.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import pyarrow as pa

from toysup.grid import Plan
from toysup.grid.growth import places
from toysup.storage import rows
from toysup.storage.manifest import EARLIER
from toysup.storage.parts import Forms
from toysup.storage.validate import WrongError


def forms(manifest: dict, plans: Sequence[Plan]) -> Forms:
    """What brings the parts of each earlier state of a run into the form of its last plan."""
    last = plans[-1]
    schema = rows.schema(last)
    return {
        stage["identity"]: partial(moved, rows.schema(plan), schema, places(plan, last))
        for stage, plan in zip(manifest.get(EARLIER, ()), plans, strict=False)
    }


def moved(old: pa.Schema, new: pa.Schema, places: Mapping[int, int], table: pa.Table) -> pa.Table:
    """A table with an old schema in a new one. `places` are the new numbers of conditions by those
    that they had. WrongError for a table that is not of the plan with the old schema."""
    if table.schema != old:
        raise WrongError("its columns are not those of its plan")
    found = {name: table.column(name).combine_chunks() for name in table.column_names}
    numbers = found["condition"].to_pylist()
    if not set(numbers) <= set(places):
        raise WrongError("its conditions are not those of its plan")
    found["condition"] = pa.array([places[i] for i in numbers], new.field("condition").type)
    arrays = [column(found.get(f.name), f.type, table.num_rows) for f in new]
    return pa.table(arrays, schema=new)


def column(array: pa.Array | None, kind: pa.DataType, rows: int) -> pa.Array:
    """A column, or what it has of the parts of a struct, beside empty ones."""
    if array is None:
        return pa.nulls(rows, kind)
    if not pa.types.is_struct(kind):
        return array
    have = {part.name: array.field(i) for i, part in enumerate(array.type)}
    parts = [column(have.get(part.name), part.type, rows) for part in kind]
    return pa.StructArray.from_arrays(parts, fields=list(kind))
