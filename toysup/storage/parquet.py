"""Parquet files that carry a digest of all that is in them, verified before they are read.

It stands between the last page and the footer, where readers of parquet look at nothing. Arrow must
see no damaged file: of some it aborts the process.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from toysup.errors import DamagedError, RefusedError, ToysupError
from toysup.files.publish import publish, user_errors
from toysup.files.regular import read_regular

DIGEST_BYTES = hashlib.sha256().digest_size
TAIL_BYTES = 8  # the length of the footer, and PAR1
MOST_BYTES = 2**36  # a million instances of 64 kB
# Says why a file holds more than it should, from its metadata alone; "" where it does not.
Excess = Callable[[pq.FileMetaData], str]


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as a file."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return sealed(sink.getvalue().to_pybytes())


def sealed(data: bytes) -> bytes:
    """A parquet file with its digest before its footer."""
    place = footer_start(data)
    return data[:place] + hashlib.sha256(data).digest() + data[place:]


def is_whole(data: bytes) -> bool:
    """Whether a file has its digest, and is as it was written."""
    place = footer_start(data)
    start = place - DIGEST_BYTES
    if start < 0:
        return False
    digest = hashlib.sha256(data[:start])
    digest.update(memoryview(data)[place:])
    return digest.digest() == data[start:place]


def footer_start(data: bytes) -> int:
    """Where a parquet file's footer begins: its length is told in the last bytes."""
    return len(data) - TAIL_BYTES - int.from_bytes(data[-TAIL_BYTES:-4], "little")


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


def read_parquet(path: Path, excess: Excess) -> pa.Table:
    """Read a table. DamagedError when it is not what was written."""
    return parsed(path, read_file(path), excess)


def parsed(path: Path, data: bytes, excess: Excess) -> pa.Table:
    """The table that is in the bytes of a file, after its digest and what it says of its size."""
    if not is_whole(data):
        raise damaged(path, "its checksum differs")
    try:
        file = pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True)
        reason = excess(file.metadata)
        if reason:
            raise damaged(path, reason)
        return file.read()
    except MemoryError as error:
        raise RefusedError(f"{path}: there is not enough memory to read it.") from error
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(path, str(error).splitlines()[0].rstrip(".")) from error


def damaged(path: Path, reason: str) -> DamagedError:
    """The error for a file of a run that can be made again."""
    return DamagedError(
        f"{path}: is damaged ({reason}). "
        "Delete it and give the sweep command again: only what is missing is trained."
    )
