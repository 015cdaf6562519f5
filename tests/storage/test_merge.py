"""The results are the same rows in the same order, however few are held at once."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from toysup.storage.merge import pieces
from toysup.storage.parquet import is_whole, parquet_bytes, write_tables


@dataclass(frozen=True)
class Block:
    conditions: tuple
    seeds: tuple


# Of conditions side by side, every other one, and one alone; of seeds in no order.
CHUNKS = [Block(c, s) for c in ((0, 2, 4), (1, 3), (5,)) for s in ((7, 0), (3, 12), (5,))]


def rows_of(chunk):
    """Two sets of directions for each instance, as a chunk has them: one set after the other."""
    places = [(c, s, name) for name in ("b", "a") for s in chunk.seeds for c in chunk.conditions]
    condition, seed, directions = zip(*places, strict=True)
    W = [np.arange(c, c + 3, dtype=np.float32) for c in condition]
    kinds = [pa.int32(), pa.int32(), pa.string(), pa.list_(pa.float32())]
    names = ["condition", "seed", "directions", "W"]
    columns = map(pa.array, (condition, seed, directions, W), kinds)
    return pa.table(dict(zip(names, columns, strict=True)))


@pytest.mark.parametrize("instances", [1, 2, 4, 5, 29, 30, 1000])
def test_pieces_are_the_sorted_whole_and_no_larger(instances):
    found = list(pieces(CHUNKS, rows_of, instances))
    whole = pa.concat_tables(rows_of(chunk) for chunk in CHUNKS)
    whole = whole.sort_by([(name, "ascending") for name in ("condition", "seed", "directions")])
    assert pa.concat_tables(found).equals(whole)
    assert [table.num_rows for table in found[:-1]] == [2 * instances] * (len(found) - 1)
    assert found[-1].num_rows <= 2 * instances


def test_a_file_in_pieces_is_whole_read_by_any_reader_and_has_a_row_group_each(tmp_path):
    tables = list(pieces(CHUNKS, rows_of, 4))
    with open(tmp_path / "a.parquet", "w+b") as file:
        write_tables(file, tables[0].schema, tables)
        assert is_whole(file)
    found = pq.ParquetFile(tmp_path / "a.parquet", page_checksum_verification=True)
    assert found.num_row_groups == len(tables) == 8
    assert found.read().equals(pa.concat_tables(tables))


def test_one_piece_is_the_file_of_its_table(tmp_path):
    [table] = pieces(CHUNKS, rows_of, 1000)
    with open(tmp_path / "a.parquet", "w+b") as file:
        write_tables(file, table.schema, [table])
    assert (tmp_path / "a.parquet").read_bytes() == parquet_bytes(table)
