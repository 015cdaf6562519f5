"""A parquet or CSV file -> its columns and its rows, a batch at a time, as Arrow reads them.

What cannot be read raises a ToysupError. Rows count from 1, without the row of names.
"""

import contextlib
import gzip
import re
from collections.abc import Callable, Iterator
from functools import cache, wraps
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

from toysup.errors import ToysupError
from toysup.features._tablenames import fault_of_names, fault_of_types
from toysup.files.shown import quoted

PARQUET, PACKED = ".parquet", ".csv.gz"
SUFFIXES = (PARQUET, ".csv", PACKED)
BATCH_VALUES = 2**20  # read at a time
BUFFER_BYTES = 2**16  # of each parquet column
BLOCK_BYTES = 2**20  # of a CSV file, and more where a row is longer
CELL_BYTES = 32  # that one number of a row may have; the longest of 64 bits has 24
ROWS_AT_ONCE = 16  # at least: a batch of a wide table takes its time for each column, not each row
WIDE = 1000  # columns
LONGEST_HEADER = 2**26  # bytes
LONGEST_REASON = 200  # characters of what Arrow says
LARGEST = float(np.finfo(np.float32).max)


class File(NamedTuple):
    """A file as it was when somebody looked: what was read of it is good for as long as that."""

    path: str  # as the user wrote it
    place: str  # whatever the current folder is
    suffix: str  # of its name, or of that of the file that it is a link to
    modified: int
    size: int


def unusable(path: str, reason: str) -> ToysupError:
    return ToysupError(f"cannot use {quoted(path)}: {reason}")


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


@remembered
def names(file: File) -> tuple[str, ...]:
    """The names of its columns, which hold numbers."""
    with explained(file):
        columns = schema(file)
        found = tuple(columns.names)
    fault = fault_of_names(found, csv=file.suffix != PARQUET)
    if not fault and file.suffix == PARQUET:
        fault = fault_of_types(columns)
    if fault:
        raise unusable(file.path, fault)
    return found


def numbers(batch: pa.RecordBatch) -> np.ndarray:
    """The values of a batch, (rows, features)."""
    values = np.empty((batch.num_rows, batch.num_columns))
    for place, column in enumerate(batch.columns):
        if column.type != pa.float64():
            column = column.cast(pa.float64(), safe=False)
        values[:, place] = column.to_numpy(zero_copy_only=False)
    return values


def bad_value(file: File, place: int, row: int, found: str) -> ToysupError:
    """The error for the value of a row and a column."""
    with contextlib.suppress(ValueError):
        if LARGEST < float(found) < np.inf:
            return unusable(
                file.path,
                f'its column "{quoted(names(file)[place])}" has {found} in row {row}, and single '
                f"precision ends at {LARGEST:.2g}. Divide the column by a constant",
            )
    return unusable(
        file.path,
        f'its column "{quoted(names(file)[place])}" has {found} in row {row}. '
        "Features are finite numbers from 0 on",
    )


def text_value(file: File, place: int, row: int, found: str) -> ToysupError:
    """The error for a text where a number should be. One in the first row is a column of texts."""
    name, found = quoted(names(file)[place]), quoted(found)
    if row == 1:
        return unusable(
            file.path,
            f'its column "{name}" holds text, "{found}" in row 1, and each column is a feature: '
            "a number from 0 on. Leave the column out, or write it as numbers",
        )
    return unusable(
        file.path,
        f'its column "{name}" has "{found}" in row {row}, which is no number. '
        "Features are finite numbers from 0 on",
    )


@contextlib.contextmanager
def explained(file: File) -> Iterator[None]:
    """Turns what Arrow refuses to read into a line for the user."""
    kind = "parquet" if file.suffix == PARQUET else "CSV"
    try:
        yield
    except MemoryError as error:
        raise unusable(file.path, "there is not enough memory to read it") from error
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        wrong = re.search(r"column #(\d+): Row #(\d+): .*invalid value '(.*)'", reason)
        if wrong:
            place, row, value = wrong.groups()
            raise text_value(file, int(place), int(row) - 1, value) from error
        raise unusable(
            file.path, f"it cannot be read as {kind} ({quoted(reason, LONGEST_REASON)})"
        ) from error


def schema(file: File) -> pa.Schema:
    """Its columns, with the types that hold all numbers that they may have."""
    return parquet_file(file).schema_arrow if file.suffix == PARQUET else open_csv(file).schema


def batches(file: File) -> Iterator[pa.RecordBatch]:
    """Its content, a few megabytes at a time."""
    if file.suffix == PARQUET:
        whole = parquet_file(file)
        columns = len(whole.schema_arrow)
        yield from whole.iter_batches(
            max(ROWS_AT_ONCE if columns > WIDE else 1, BATCH_VALUES // columns)
        )
    else:
        # A column that begins with whole numbers may go on with others: read all as floats.
        begins = open_csv(file).schema
        types = {f.name: pa.bool_() if f.type == pa.bool_() else pa.float64() for f in begins}
        yield from open_csv(file, csv.ConvertOptions(column_types=types))


def open_csv(file: File, convert: csv.ConvertOptions | None = None) -> csv.CSVStreamingReader:
    packed = file.suffix == PACKED
    with (gzip.open if packed else open)(file.place, "rb") as content:
        columns = content.readline(LONGEST_HEADER).count(b",") + 1
    # With threads, Arrow would not say in which row it found what it cannot read.
    block = max(BLOCK_BYTES, columns * CELL_BYTES * (ROWS_AT_ONCE if columns > WIDE else 1))
    one_by_one = csv.ReadOptions(use_threads=False, block_size=block)
    # Arrow would else unpack by the name that the file has where a link leads to.
    stream = pa.input_stream(file.place, compression="gzip" if packed else None)
    return csv.open_csv(stream, read_options=one_by_one, convert_options=convert)


def parquet_file(file: File) -> parquet.ParquetFile:
    # Arrow would else hold a whole row group, which may be the whole file.
    return parquet.ParquetFile(
        file.place,
        pre_buffer=False,
        buffer_size=BUFFER_BYTES,
        page_checksum_verification=True,
    )
