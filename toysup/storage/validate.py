"""What a table of results must be for what judges and reports it: columns, places and values.

A run's folder may come from a stranger. Checksums say that a file is as it was written, and not
that the rows in it are those of its run.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pyarrow as pa

from toysup import columns
from toysup.columns.fixed import CODE, HOW, IDENTITY, RAW, RECORDED, Field
from toysup.measure.outcome import DIVERGED, OUTCOMES

RUN = b"run"  # in a file's metadata: the identity of its run
SETTINGS = b"settings"
SIZE = ("d_hidden", "n_features")
RATE = pa.float64()
# Settings that every condition has, and that the results are read by.
OF_ALL = (*(Field(n, pa.int64(), "1", "") for n in SIZE), Field("learning_rate", RATE, "1", ""))
FIXED = {f.name: f for f in (*IDENTITY, *OF_ALL, *HOW, *CODE, *RAW, *RECORDED)}
# What every row has, and what tells conditions apart.
REQUIRED = [f.name for f in (*IDENTITY, *OF_ALL, *HOW, *RAW) if f.name == "views" or not f.optional]


def is_number(kind: pa.DataType) -> bool:
    return pa.types.is_floating(kind) or pa.types.is_integer(kind)


def is_list(kind: pa.DataType) -> bool:
    return pa.types.is_list(kind) and is_number(kind.value_type)


KINDS = (pa.types.is_integer, is_number, pa.types.is_string, is_list)
SINGLE = (*KINDS, pa.types.is_boolean)


class WrongError(ValueError):
    """Why a table cannot be the results of its run."""


def check_results(
    table: pa.Table, manifest: dict, schema: pa.Schema, condition: int | None = None
) -> None:
    """WrongError unless a file with this schema, of which a table has some columns, and maybe one
    condition only, has the columns of a run's results, and the table their rows and values."""
    plan, every = manifest["plan"], schema.empty_table()
    blocks = [(chunk["conditions"], chunk["seeds"]) for chunk in plan["chunks"]]
    if condition is not None:
        blocks = [([condition], seeds) for places, seeds in blocks if condition in places]
    check_places(table, blocks)
    for name in dict.fromkeys((*every.column_names, *REQUIRED, *settings_of(every))):
        check_column(every, name)
    for name in table.column_names:
        check_column(table, name)
    check_settings(every, plan["sweep"])
    check_claims(every, plan["sweep"]["claims"])
    check_values(table)
    check_lengths(table, len(plan["sweep"]["record"]))


def settings_of(table: pa.Table) -> list[str]:
    """The columns that make up a condition."""
    try:
        return table.schema.metadata[SETTINGS].decode().split()
    except (KeyError, TypeError, UnicodeDecodeError) as error:
        raise WrongError("it does not say what its settings are") from error


def check_places(table: pa.Table, blocks: Iterable[tuple[Sequence[int], Sequence[int]]]) -> None:
    """Each instance of blocks of conditions and seeds has a row for each set of its condition's
    directions, and nothing else has one."""
    for name in ("condition", "seed", "directions"):
        check_column(table, name)
    conditions, seeds = (table.column(n).to_numpy().astype(np.int64) for n in ("condition", "seed"))
    codes = table.column("directions").combine_chunks().dictionary_encode().indices.to_numpy()
    found = np.unique(np.column_stack([conditions, seeds, codes]), axis=0)
    if len(found) < table.num_rows:
        raise WrongError("it has the same condition, seed and directions twice")
    pairs = [np.stack(np.meshgrid(*block), axis=-1).reshape(-1, 2) for block in blocks]
    wanted = np.unique(np.concatenate(pairs), axis=0)
    if not np.array_equal(np.unique(found[:, :2], axis=0), wanted):
        raise WrongError("its conditions and seeds are not those of its plan")
    seeds_of = dict(zip(*np.unique(wanted[:, 0], return_counts=True), strict=True))
    sets, rows = np.unique(found[:, [0, 2]], axis=0, return_counts=True)
    if any(seeds_of[c] != count for c, count in zip(sets[:, 0], rows, strict=True)):
        raise WrongError("some of its seeds lack a set of directions")


def check_column(table: pa.Table, name: str) -> None:
    """A column is there once, and of a type that is read; a known one is of its own kind."""
    count = table.column_names.count(name)
    if count != 1:
        raise WrongError(f"it has {count or 'no'} column{'s' if count else ''} {name}")
    column, field = table.column(name), FIXED.get(name)
    optional = field is None or field.optional
    kinds = SINGLE if field is None else [kind_of(field.type)]
    if name == columns.HALF:
        fits = pa.types.is_struct(column.type) and all(
            pa.types.is_floating(part.type) for part in column.type
        )
    else:
        fits = any(kind(column.type) for kind in kinds)
    if not fits and not (optional and pa.types.is_null(column.type)):
        raise WrongError(f"its column {name} is of {column.type}")
    if column.null_count and (not optional or name == columns.HALF):
        raise WrongError(f"its column {name} has empty places")


def kind_of(wanted: pa.DataType) -> Callable[[pa.DataType], bool]:
    """Whether a type is of the kind of another: an integer of any width is one."""
    return next(kind for kind in KINDS if kind(wanted))


def check_settings(table: pa.Table, sweep: dict) -> None:
    """Settings are texts where the sweep has texts, and else numbers, or true and false."""
    families = [sweep[name] for name in ("features", "views", "encoder", "objective")]
    for values in (sweep["model"], sweep["train"], *(t for f in families for t in f.values())):
        for name in set(values).intersection(settings_of(table)):
            told = any(isinstance(value, str) for value in values[name])
            kind = table.schema.field(name).type
            if pa.types.is_string(kind) != told and not pa.types.is_null(kind):
                raise WrongError(f"its column {name} is of {kind}")


def check_claims(table: pa.Table, claims: list[dict]) -> None:
    """What claims compare are numbers, along settings that there are."""
    for claim in claims:
        metric, along = claim.get("metric"), claim.get("along")
        if metric in table.column_names and not is_number(table.schema.field(metric).type):
            raise WrongError(f"a claim compares its column {metric}, which has no numbers")
        if along is not None and along not in table.column_names:
            raise WrongError(f"a claim is along {along}, and it has no such column")


def check_values(table: pa.Table) -> None:
    """Outcomes exist, and a model that has not diverged has a loss and a matrix in numbers, where
    these are read."""
    outcomes = np.array(table.column("outcome").to_pylist())
    if foreign := set(outcomes.tolist()).difference(OUTCOMES):
        raise WrongError(f"its column outcome has {min(foreign)[:40]!r}, which is none")
    alive = outcomes != DIVERGED
    if "W" not in table.column_names:
        return
    if not np.isfinite(table.column("loss").to_numpy().astype(float)[alive]).all():
        raise WrongError("its column loss has a model that has not diverged without a number")
    W = table.column("W")
    flat = [chunk.flatten().to_numpy(zero_copy_only=False) for chunk in W.chunks]
    if not np.isfinite(np.concatenate(flat).astype(float)[np.repeat(alive, lengths(W))]).all():
        raise WrongError("its column W has a model that has not diverged without numbers")


def check_lengths(table: pa.Table, recorded: int) -> None:
    """Matrices that are read are of the size that their rows say, and all rows of a condition say
    the same."""
    if "W" not in table.column_names:
        return
    m, n = (table.column(name).to_numpy().astype(np.int64) for name in SIZE)
    condition = table.column("condition").to_numpy()
    sizes = np.unique(np.column_stack([condition, m, n]), axis=0)
    if (sizes < [0, 1, 1]).any() or len(sizes) > len(np.unique(condition)):
        raise WrongError("its columns d_hidden and n_features contradict its conditions")
    every = np.ones_like(m)
    wanted = {"W": m.astype(float) * n, "recorded_W": m.astype(float) * n * recorded}
    wanted |= dict.fromkeys(("recorded_steps", "recorded_loss"), every * recorded)
    for name in [name for name in wanted if name in table.column_names]:
        found = lengths(table.column(name))
        if ((found != wanted[name]) & (found >= 0)).any():
            raise WrongError(f"its column {name} has lists of another length")
    curves = table.column("loss_curve") if "loss_curve" in table.column_names else None
    if curves and (len(points := np.unique(lengths(curves))) > 1 or points[0] < 1):
        raise WrongError("its column loss_curve has lists of another length")


def lengths(column: pa.ChunkedArray) -> np.ndarray:
    """How long the list of each row is; -1 where there is none."""
    found = [chunk.value_lengths().fill_null(-1).to_numpy() for chunk in column.chunks]
    return np.concatenate(found)
