"""Parquet files that carry checksums of all that is in them, verified on reading."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from toysup.errors import DamagedError, RefusedError, ToysupError
from toysup.files.publish import publish, user_errors
from toysup.files.regular import read_regular

SCHEMA_DIGEST = b"schema_digest"
NOT_DIGESTED = (SCHEMA_DIGEST, b"PARQUET:field_id")  # the second comes with reading
MOST_BYTES = 2**36  # a million instances of 64 kB
# Says why a file holds more than it should, from its metadata alone; "" where it does not.
Excess = Callable[[pq.FileMetaData], str]


def parquet_bytes(table: pa.Table) -> pa.Buffer:
    """A table as a file with page checksums, and a digest of what they do not cover: its schema."""
    metadata = {**(table.schema.metadata or {}), SCHEMA_DIGEST: schema_digest(table.schema)}
    sink = pa.BufferOutputStream()
    pq.write_table(
        table.replace_schema_metadata(metadata),
        sink,
        compression="zstd",
        write_page_checksum=True,
        write_statistics=False,  # no checksum covers them
    )
    return sink.getvalue()


def write_parquet(path: Path, table: pa.Table, excess: Excess) -> None:
    """Publish a table. ToysupError when it holds more than could be read again."""
    data = parquet_bytes(table)
    if reason := excess(pq.read_metadata(pa.BufferReader(data))):
        raise ToysupError(f"{path}: cannot be written ({reason}).")
    publish(path, data)


def schema_digest(schema: pa.Schema) -> bytes:
    """A digest of a table's column names, types and descriptions."""

    def kept(metadata: dict[bytes, bytes] | None):
        return sorted((k, v) for k, v in (metadata or {}).items() if k not in NOT_DIGESTED)

    def kind(of: pa.DataType) -> str:  # the name of a list's element changes on the way
        return f"{of.value_type}[]" if pa.types.is_list(of) else str(of)

    columns = [(field.name, kind(field.type), kept(field.metadata)) for field in schema]
    return hashlib.sha256(repr((columns, kept(schema.metadata))).encode()).hexdigest().encode()


def read_file(path: Path) -> bytes:
    """The bytes of a file of a run. DamagedError when it is none, FileNotFoundError without one."""
    try:
        return read_regular(path, MOST_BYTES)
    except FileNotFoundError:
        raise
    except OSError:
        with user_errors(path, "read"):
            raise


def read_parquet(path: Path, excess: Excess) -> pa.Table:
    """Read a table and verify its checksums. DamagedError when it is not what was written."""
    return parsed(path, read_file(path), excess)


def parsed(path: Path, data: bytes, excess: Excess) -> pa.Table:
    """The table that is in the bytes of a file. What it says of its size is looked at first."""
    try:
        file = pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True)
        reason = excess(file.metadata)
        if reason:
            raise damaged(path, reason)
        table = file.read()
        whole = table.schema.metadata[SCHEMA_DIGEST] == schema_digest(table.schema)
    except MemoryError as error:
        raise RefusedError(f"{path}: there is not enough memory to read it.") from error
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(path, str(error).splitlines()[0].rstrip(".")) from error
    if not whole:
        raise damaged(path, "the digest of its schema differs")
    return table


def damaged(path: Path, reason: str) -> DamagedError:
    """The error for a file of a run that can be made again."""
    return DamagedError(
        f"{path}: is damaged ({reason}). "
        "Delete it and give the sweep command again: only what is missing is trained."
    )
