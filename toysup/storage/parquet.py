"""Parquet files that carry checksums of all that is in them, verified on reading."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from toysup.errors import DamagedError, ToysupError
from toysup.files.publish import publish

SCHEMA_DIGEST = b"schema_digest"
NOT_DIGESTED = (SCHEMA_DIGEST, b"PARQUET:field_id")  # the second comes with reading


def write_parquet(path: Path, table: pa.Table) -> None:
    """Publish a table, with page checksums, and a digest of what they do not cover: its schema."""
    metadata = {**(table.schema.metadata or {}), SCHEMA_DIGEST: schema_digest(table.schema)}
    sink = pa.BufferOutputStream()
    pq.write_table(
        table.replace_schema_metadata(metadata),
        sink,
        compression="zstd",
        write_page_checksum=True,
        write_statistics=False,  # no checksum covers them
    )
    publish(path, sink.getvalue())


def schema_digest(schema: pa.Schema) -> bytes:
    """A digest of a table's column names, types and descriptions."""

    def kept(metadata: dict[bytes, bytes] | None):
        return sorted((k, v) for k, v in (metadata or {}).items() if k not in NOT_DIGESTED)

    def kind(of: pa.DataType) -> str:  # the name of a list's element changes on the way
        return f"{of.value_type}[]" if pa.types.is_list(of) else str(of)

    columns = [(field.name, kind(field.type), kept(field.metadata)) for field in schema]
    return hashlib.sha256(repr((columns, kept(schema.metadata))).encode()).hexdigest().encode()


def read_parquet(path: Path) -> pa.Table:
    """Read a table and verify its checksums. DamagedError when it is not what was written."""
    try:
        table = pq.read_table(path, page_checksum_verification=True)
        whole = table.schema.metadata[SCHEMA_DIGEST] == schema_digest(table.schema)
    except FileNotFoundError:
        raise
    except PermissionError as error:
        raise ToysupError(f"{path}: no permission to read it.") from error
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
