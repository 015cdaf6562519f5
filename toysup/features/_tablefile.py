"""A parquet or CSV file of non-negative numbers -> a uniform random sample of its rows.

The file is read in batches, so its size does not matter, and every value of it is checked. What
cannot be used raises a ToysupError that says so. Rows count from 1, without the row of names.
"""

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

from toysup.errors import ToysupError
from toysup.files import packaged

DIGITS = "digits"
DIGITS_FILE = Path(__file__).with_name("digits.parquet")  # its licence: digits.txt
SUFFIXES = (".parquet", ".csv", ".csv.gz")
NAMED = f"with a name that ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
FEWEST_ROWS = 64  # fewer say little about a distribution
BATCH_VALUES = 2**20  # read at a time
BUFFER_BYTES = 2**16  # of each parquet column
BLOCK_BYTES = 2**20  # of a CSV file; no row may be longer
SEED = 0
# On most processors, what is smaller counts as 0 in some places and not in others.
SMALLEST = np.finfo(np.float32).tiny


class File(NamedTuple):
    """A file as it was when somebody looked: what was read of it is good for as long as that."""

    path: str  # as the user wrote it
    place: str  # whatever the current folder is
    modified: int
    size: int


def unusable(path: str, reason: str) -> ToysupError:
    return ToysupError(f"cannot use {path}: {reason}")


def remembered(function: Callable) -> Callable:
    """`functools.cache` that remembers what was raised, too."""

    @cache
    def outcome(*arguments):
        try:
            return function(*arguments), None
        except ToysupError as error:
            return None, str(error)

    @wraps(function)
    def call(*arguments):
        found, fault = outcome(*arguments)
        if fault:
            raise ToysupError(fault)
        return found

    return call


def find(path: str) -> File:
    """The file at a path, which starts at the current folder or at that of the packaged sweeps."""
    place = str(DIGITS_FILE) if path == DIGITS else packaged.data_file(path)
    try:
        there = os.stat(place)
    except (FileNotFoundError, ValueError):  # a ValueError where no file can have such a name
        raise unusable(
            path, f'there is no such file in {Path.cwd()}. There is always "{DIGITS}"'
        ) from None
    except OSError as error:
        raise unusable(path, f"{error.strerror}") from None
    if not stat.S_ISREG(there.st_mode):
        raise unusable(path, f"it is no file. It must be one, {NAMED}")
    if not place.endswith(SUFFIXES):
        raise unusable(path, f"it must be a parquet or CSV file, {NAMED}")
    return File(path, os.path.realpath(place), there.st_mtime_ns, there.st_size)


@remembered
def names(file: File) -> tuple[str, ...]:
    """The names of its columns."""
    with explained(file):
        found = tuple(schema(file).names)
    if not found:
        raise unusable(file.path, "it has no columns")
    for name, times in Counter(found).items():
        if name == "" or name.startswith("__index_level_"):
            raise unusable(
                file.path,
                f'its column "{name}" looks like the index of a pandas table. '
                "Write the file with index=False",
            )
        if times > 1:
            raise unusable(
                file.path,
                f'it has {times} columns named "{name}". '
                "Columns need names of their own, in a CSV file in its first row",
            )
    return found


@remembered
def sample(file: File, rows: int) -> np.ndarray:
    """At most `rows` of its rows, (rows, features), each with equal chance, in their order.

    Every row draws a number, and those with the lowest numbers are kept (Efraimidis and Spirakis
    2006): a reservoir that takes a batch at a time. The draws are the same every time.
    """
    generator = np.random.default_rng(SEED)
    count, draws, kept = 0, np.empty(0), np.empty((0, len(names(file))), np.float32)
    with explained(file):
        for batch in batches(file):
            values = checked(batch, file, count)
            count += len(values)
            drawn = generator.random(len(values))
            if len(draws) == rows:
                good = drawn < draws.max()
                values, drawn = values[good], drawn[good]
            draws, kept = np.concatenate([draws, drawn]), np.concatenate([kept, values])
            if len(draws) > rows:
                lowest = np.sort(np.argpartition(draws, rows)[:rows])
                draws, kept = draws[lowest], kept[lowest]
    if count < FEWEST_ROWS:
        raise unusable(file.path, f"it has {count} rows. It needs at least {FEWEST_ROWS}")
    kept[kept < SMALLEST] = 0
    if not kept.any():
        raise unusable(file.path, "nothing in it is above 0")
    return kept


@cache
def digest(file: File) -> str:
    """The sha256 of its content."""
    with Path(file.place).open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def checked(batch: pa.RecordBatch, file: File, above: int) -> np.ndarray:
    """The values of a batch, (rows, features); `above` rows of the file came before it."""
    values = np.empty((batch.num_rows, batch.num_columns), np.float32)
    for place, column in enumerate(batch.columns):
        values[:, place] = column.cast(pa.float32(), safe=False).to_numpy(zero_copy_only=False)
    good = (values >= 0) & (values < np.inf)
    if not good.all():
        row = int(np.argmin(good.all(axis=1)))
        place = int(np.argmin(good[row]))
        value = batch.column(place)[row].as_py()
        raise bad_value(file, place, above + row + 1, "no value" if value is None else f"{value}")
    return values


def bad_value(file: File, place: int, row: int, found: str) -> ToysupError:
    """The error for the value of a row and a column."""
    return unusable(
        file.path,
        f'its column "{names(file)[place]}" has {found} in row {row}. '
        "Features are finite numbers from 0 on",
    )


@contextmanager
def explained(file: File) -> Iterator[None]:
    """Turns what Arrow refuses to read into a line for the user."""
    kind = "parquet" if is_parquet(file) else "CSV"
    try:
        yield
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        wrong = re.search(r"column #(\d+): Row #(\d+): .*invalid value '(.*)'", reason)
        if wrong:
            place, row, value = wrong.groups()
            raise bad_value(file, int(place), int(row) - 1, f'"{value}"') from error
        raise unusable(file.path, f"it cannot be read as {kind} ({reason})") from error


def is_parquet(file: File) -> bool:
    """Whether it is parquet, by the name that the user wrote: a link may lead to another."""
    return file.path == DIGITS or file.path.endswith(".parquet")


def schema(file: File) -> pa.Schema:
    """Its columns, with the types that hold all numbers that they may have."""
    if is_parquet(file):
        return parquet_file(file).schema_arrow
    return open_csv(file).schema


def batches(file: File) -> Iterator[pa.RecordBatch]:
    """Its content, a few megabytes at a time."""
    if is_parquet(file):
        yield from parquet_batches(file)
    else:
        # A column that begins with whole numbers may go on with others: read all as floats.
        begins = open_csv(file).schema
        types = {f.name: pa.bool_() if f.type == pa.bool_() else pa.float64() for f in begins}
        yield from open_csv(file, csv.ConvertOptions(column_types=types))


def open_csv(file: File, convert: csv.ConvertOptions | None = None) -> csv.CSVStreamingReader:
    # With threads, Arrow would not say in which row it found what it cannot read.
    one_by_one = csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES)
    return csv.open_csv(file.place, read_options=one_by_one, convert_options=convert)


def parquet_file(file: File) -> parquet.ParquetFile:
    # Arrow would else hold a whole row group, which may be the whole file.
    return parquet.ParquetFile(
        file.place,
        pre_buffer=False,
        buffer_size=BUFFER_BYTES,
        page_checksum_verification=True,
    )


def parquet_batches(file: File) -> Iterator[pa.RecordBatch]:
    whole = parquet_file(file)
    for field in whole.schema_arrow:
        kinds = pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean
        if not any(is_kind(field.type) for is_kind in kinds):
            raise unusable(
                file.path,
                f'its column "{field.name}" holds {field.type} from row 1 on. '
                "Features are whole numbers, floats or true and false",
            )
    rows = max(1, BATCH_VALUES // len(whole.schema_arrow))
    yield from whole.iter_batches(batch_size=rows)
