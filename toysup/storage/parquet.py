"""Parquet files that carry a digest of all that is in them, verified before they are read.

It stands between the last page and the footer, where readers of parquet look at nothing. Arrow must
see no damaged file: of some it aborts the process.
"""

import contextlib
import hashlib
import io
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from toysup.errors import DamagedError, RefusedError, ToysupError
from toysup.files.publish import publish, user_errors
from toysup.files.regular import open_regular, read_regular

DIGEST_BYTES = hashlib.sha256().digest_size
TAIL_BYTES = 8  # the length of the footer, and PAR1
MOST_BYTES = 2**40  # what a machine has no memory for is refused as that
BLOCK_BYTES = 2**20
# Says why a file holds more than it should, from its metadata alone; "" where it does not.
# Chooses columns, of those in a schema; one may be a part of a struct, as half.loss.
Columns = Callable[[pa.Schema], list[str]]
Excess = Callable[[pq.FileMetaData], str]


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as a file."""
    file = io.BytesIO()
    write_tables(file, table.schema, [table])
    return file.getvalue()


def write_tables(file: BinaryIO, schema: pa.Schema, tables: Iterable[pa.Table]) -> str:
    """Write tables of one schema as a file, each a row group; its sha256."""
    with pq.ParquetWriter(file, schema, compression="zstd", write_page_checksum=True) as writer:
        for table in tables:
            writer.write_table(table)
    seal(file)
    return sha256(file).hexdigest()


def seal(file: BinaryIO) -> None:
    """Put the digest of a parquet file before its footer."""
    place, digest = footer_start(file), sha256(file).digest()
    file.seek(place)
    footer = file.read()
    file.seek(place)
    file.write(digest + footer)


def is_whole(file: BinaryIO) -> bool:
    """Whether a file has its digest, and is as it was written."""
    place = footer_start(file)
    start = place - DIGEST_BYTES
    if start < 0:
        return False
    digest = sha256(file, (0, start), (place, file.seek(0, os.SEEK_END))).digest()
    file.seek(start)
    return file.read(DIGEST_BYTES) == digest


def sha256(file: BinaryIO, *spans: tuple[int, int]) -> Any:
    """The sha256 of a file, or of what is from one place to another in it, read in blocks."""
    found = hashlib.sha256()
    for start, end in spans or [(0, file.seek(0, os.SEEK_END))]:
        file.seek(start)
        while block := file.read(min(BLOCK_BYTES, end - file.tell())):
            found.update(block)
    return found


def footer_start(file: BinaryIO) -> int:
    """Where a parquet file's footer begins: its length is told in the last bytes."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL_BYTES))
    return size - TAIL_BYTES - int.from_bytes(file.read(4), "little")


def write_parquet(path: Path, table: pa.Table, excess: Excess) -> None:
    """Publish a table. ToysupError when it holds more than could be read again."""
    data = parquet_bytes(table)
    if reason := excess(pq.read_metadata(pa.BufferReader(data))):
        raise ToysupError(f"{path}: cannot be written ({reason}).")
    publish(path, data)


def read_file(path: Path) -> bytes:
    """The bytes of a file of a run. DamagedError when it is none, FileNotFoundError without one."""
    try:
        return read_regular(path, MOST_BYTES)
    except FileNotFoundError:
        raise
    except OSError:
        with user_errors(path, "read"):
            raise


def opened(path: Path) -> BinaryIO:
    """A file of a run, to be read piece by piece; errors as for `read_file`."""
    try:
        return open(open_regular(path, os.O_RDONLY), "rb")
    except FileNotFoundError:
        raise
    except OSError:
        with user_errors(path, "read"):
            raise


def read_parquet(path: Path, excess: Excess) -> pa.Table:
    """Read a table. DamagedError when it is not what was written."""
    return parsed(path, read_file(path), excess)


def parsed(path: Path, data: bytes, excess: Excess) -> pa.Table:
    """The table that is in the bytes of a file."""
    return read_columns(path, io.BytesIO(data), excess)[0]


def all_columns(schema: pa.Schema) -> list[str]:
    return schema.names


def read_columns(
    path: Path,
    file: BinaryIO,
    excess: Excess,
    columns: Columns = all_columns,
    condition: int | None = None,
) -> tuple[pa.Table, pa.Schema]:
    """Some columns of the table that is in a file, or of the rows of a condition, and the schema of
    all, after its digest and what it says of its size. Rows are sorted by condition."""
    found = verified(path, file, excess)
    with read_errors(path):
        schema = found.schema_arrow
        if condition is None:
            return found.read(columns(schema)), schema
        of_rows = [
            found.read_row_group(place, columns(schema)).filter(pc.field("condition") == condition)
            for place in range(found.num_row_groups)
            if may_have(found.metadata.row_group(place), "condition", condition)
        ]
        return pa.concat_tables(of_rows or [schema.empty_table()]), schema


def verified(path: Path, file: BinaryIO, excess: Excess) -> pq.ParquetFile:
    """A file to be read, after its digest and what it says of its size."""
    if not is_whole(file):
        raise damaged(path, "its checksum differs")
    with read_errors(path):
        found = pq.ParquetFile(file, page_checksum_verification=True)
        reason = excess(found.metadata)
    if reason:
        raise damaged(path, reason)
    return found


@contextlib.contextmanager
def read_errors(path: Path) -> Iterator[None]:
    """DamagedError for whatever Arrow says of a file; RefusedError where memory is short."""
    try:
        yield
    except MemoryError as error:
        raise RefusedError(f"{path}: there is not enough memory to read it.") from error
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(path, str(error).splitlines()[0].rstrip(".")) from error


def may_have(rows: pq.RowGroupMetaData, name: str, value: int) -> bool:
    """Whether a value may be in a column of a row group, from its metadata."""
    every = map(rows.column, range(rows.num_columns))
    known = next((column.statistics for column in every if column.path_in_schema == name), None)
    return not known or not known.has_min_max or known.min <= value <= known.max


def damaged(path: Path, reason: str) -> DamagedError:
    """The error for a file of a run that can be made again."""
    return DamagedError(
        f"{path}: is damaged ({reason}). "
        "Delete it and give the sweep command again: only what is missing is trained."
    )
