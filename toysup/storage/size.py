"""How much the files of a run may hold, from its manifest: a small file may hide a huge table.

Parquet compresses a million equal rows to a few bytes. What a file says of its rows, values and
bytes is compared with these limits before it is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow.parquet as pq

# A trained model has a set of directions, or a few: an encoder's, a decoder's, a generator's.
MOST_SETS = 16
# Values in a list of a row, where W is no longer: a plug-in's measure may have some.
LONGEST_LIST = 65_536
LISTS_OF_W = 4  # how many times W is the longest list
VALUE_BYTES = 9  # a number of 64 bits, and what says where its row ends
# Texts are settings and names, of which each is kept once.
TEXT_BYTES, ROW_TEXT_BYTES = 65_536, 256


class Column(NamedTuple):
    """What a column holds: its values, and their bytes before they are unpacked."""

    name: str
    text: bool
    listed: bool
    values: int
    size: int


@dataclass(frozen=True)
class Size:
    """The most that a file of some instances holds: its rows, and the values in a list of one."""

    rows: int
    values: int

    def excess(self, metadata: pq.FileMetaData) -> str:
        """Why a file with this metadata holds more than that; "" where it does not."""
        rows = metadata.num_rows
        if rows > self.rows:
            return f"it has {rows:,} rows, and its run has at most {self.rows:,}"
        for column in columns(metadata):
            most = rows * (self.values if column.listed else 1)
            if column.values > most:
                return f"its column {column.name} has {column.values:,} values"
            most_bytes = rows * ROW_TEXT_BYTES if column.text else most * VALUE_BYTES
            if column.size > most_bytes + TEXT_BYTES:
                return f"its column {column.name} has {column.size:,} bytes"
        return ""


def columns(metadata: pq.FileMetaData) -> Iterator[Column]:
    """What a file's metadata says of each of its columns."""
    groups = [metadata.row_group(place) for place in range(metadata.num_row_groups)]
    for place in range(metadata.num_columns):
        parts = [group.column(place) for group in groups]
        column = metadata.schema.column(place)
        yield Column(
            name=column.path.partition(".")[0],
            text=column.physical_type == "BYTE_ARRAY",
            listed=column.max_repetition_level > 0,
            values=sum(part.num_values for part in parts),
            size=sum(part.total_uncompressed_size for part in parts),
        )


def size_of(sweep: dict, instances: int) -> Size:
    """The size of a file with so many instances of a sweep, as its manifest has it."""
    largest = max(sweep["model"]["n_features"]) * max(sweep["model"]["d_hidden"])
    longest = LISTS_OF_W * largest * (1 + len(sweep["record"]))
    return Size(instances * MOST_SETS, max(LONGEST_LIST, longest))
