"""Which rows of two results are the same, bit for bit in every column.

pa.Arrays are read one at a time, so that results of any size can be compared.
"""

from collections.abc import Collection, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from toysup.storage.columnwise import ColumnFile

NUMBER = "condition"  # numbers a condition within its own run, and says nothing of it


def both_columns(
    first: ColumnFile, second: ColumnFile, but: Collection[str] = ()
) -> Iterator[tuple[str, pa.Array | None, pa.Array | None]]:
    """Each column that one of two files has, by its name; None where the other lacks it."""
    for name in dict.fromkeys((*first.names, *second.names)):
        if name not in but:
            yield name, first.column(name), second.column(name)


def same_rows(first: pa.Array | None, second: pa.Array | None) -> np.ndarray:
    """Whether a column has the same bits in two results, for each of their rows.

    NaN equals NaN, and 0 does not equal -0. A column that one lacks is empty there.
    """
    known = [column for column in (first, second) if column is not None]
    if len(known) == 1:
        return known[0].is_null().to_numpy(zero_copy_only=False)
    return same(*known)


def same(a: pa.Array, b: pa.Array) -> np.ndarray:
    """Whether each value of `a` has the bits of that of `b`."""
    null = [column.is_null().to_numpy(zero_copy_only=False) for column in (a, b)]
    if a.type != b.type:
        return null[0] & null[1]
    found = null[0] == null[1]
    there = found & ~null[0]
    if there.any():
        both = (x if there.all() else x.filter(pa.array(there)) for x in (a, b))
        found[there] = same_values(*both)
    return found


def same_values(a: pa.Array, b: pa.Array) -> np.ndarray:
    """The same for columns without empty places."""
    if pa.types.is_list(a.type):
        return same_lists(a, b)
    if pa.types.is_struct(a.type):
        parts = (same(*pair) for pair in zip(a.flatten(), b.flatten(), strict=True))
        return np.logical_and.reduce([np.ones(len(a), bool), *parts])
    if pa.types.is_floating(a.type):
        bits = f"u{a.type.bit_width // 8}"
        x, y = (column.to_numpy(zero_copy_only=False).view(bits) for column in (a, b))
        return x == y
    alike = pc.equal(a, b)  # pyright: ignore[reportAttributeAccessIssue]  made as pyarrow starts
    return alike.to_numpy(zero_copy_only=False)


def same_lists(a: pa.Array, b: pa.Array) -> np.ndarray:
    """The same for lists: they are as long, and each of their values is the same."""
    lengths = a.value_lengths().to_numpy(zero_copy_only=False)
    found = lengths == b.value_lengths().to_numpy(zero_copy_only=False)
    if not found.all():
        a, b = (column.filter(pa.array(found)) for column in (a, b))
    differ = ~same(a.flatten(), b.flatten())
    ends = np.concatenate([[0], np.cumsum(lengths[found])])
    before = np.concatenate([[0], np.cumsum(differ)])  # how many values differ up to here
    found[found] = before[ends[1:]] == before[ends[:-1]]
    return found
