"""Results that are read column by column, so that one of them is in memory at a time."""

from typing import BinaryIO

import pyarrow as pa

from toysup.storage.parquet import Excess, read_errors, verified


class ColumnFile:
    """The columns of a parquet file that is open and whole; see `Store.column_file`."""

    def __init__(self, path, file: BinaryIO, excess: Excess):
        self.path, self.file = path, verified(path, file, excess)
        self.names = self.file.schema_arrow.names

    def column(self, name: str) -> pa.Array | None:
        """A column with all of its rows, in one piece; None where there is none."""
        if name not in self.names:
            return None
        with read_errors(self.path):
            found = self.file.read([name]).column(name).combine_chunks()
        return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
