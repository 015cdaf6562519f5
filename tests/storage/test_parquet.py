"""A file says itself whether it is whole, and any reader of parquet reads it."""

from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from toysup.errors import DamagedError
from toysup.storage.parquet import is_whole, parquet_bytes, parsed

TABLE = pa.table({"a": [1.0, 2.0], "W": [[1.0, 2.0], [3.0]]}, metadata={"settings": "a"})
CUT = parquet_bytes(TABLE)[:-1]


def test_any_reader_of_parquet_reads_it():
    again = pq.read_table(pa.BufferReader(parquet_bytes(TABLE)), page_checksum_verification=True)
    assert again.equals(TABLE)
    assert again.schema.metadata == TABLE.schema.metadata


def test_each_bit_counts():
    data = parquet_bytes(TABLE)
    assert is_whole(BytesIO(data))
    for place in range(8 * len(data)):
        changed = bytearray(data)
        changed[place // 8] ^= 1 << place % 8
        assert not is_whole(BytesIO(changed)), place


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" * 3, b"\xff" * 100, CUT])
def test_what_is_cut_or_no_parquet_is_damaged(tmp_path, data):
    with pytest.raises(DamagedError, match="its checksum differs"):
        parsed(tmp_path / "a.parquet", data, lambda metadata: "")
