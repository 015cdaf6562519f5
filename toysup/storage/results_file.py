"""The results of a run on disk: results.parquet, and its checksum in a file beside it.

Page checksums of parquet do not cover a footer, so the whole file has one of its own.
"""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from toysup.files.publish import publish, publishing
from toysup.storage.parquet import damaged, opened, read_file, sha256, write_tables


class ResultsFile:
    """`results.parquet` and `results.sha256` in the folder of a run."""

    def __init__(self, folder: Path):
        self.path, self.digest_path = folder / "results.parquet", folder / "results.sha256"

    def write(self, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
        """Publish tables of these columns, and before them their checksum."""
        with publishing(self.path) as file:
            every = (pa.Table.from_arrays(table.columns, schema=schema) for table in tables)
            digest = write_tables(file, schema, every)
            publish(self.digest_path, f"{digest}  {self.path.name}\n".encode())

    @contextlib.contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The file, after its checksum was compared. FileNotFoundError where there is none,
        DamagedError where it is not what was written."""
        with opened(self.path) as file:
            if self.digest() != sha256(file).hexdigest().encode():
                raise damaged(self.path, "its checksum differs")
            yield file

    def digest(self) -> bytes:
        """The checksum as it was written. DamagedError where it is none."""
        try:
            line = read_file(self.digest_path)
        except FileNotFoundError:
            line = b""
        digest, _, name = line.partition(b"  ")
        if name != self.path.name.encode() + b"\n":
            raise damaged(self.digest_path, "it is no checksum of the results")
        return digest
