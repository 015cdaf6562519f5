"""Whether rows of two results are the same, bit for bit in every column."""

import pyarrow as pa

NUMBER = "condition"  # numbers a condition within its own run, and says nothing of it


def same_rows(first: pa.Table, second: pa.Table) -> bool:
    """Whether both have the same bits in the same order. A column that one lacks is empty there.

    NaN equals NaN, and 0 does not equal -0.
    """
    names = dict.fromkeys((*first.column_names, *second.column_names))
    return first.num_rows == second.num_rows and all(
        same(column(first, name), column(second, name)) for name in names if name != NUMBER
    )


def column(table: pa.Table, name: str) -> pa.Array:
    if name not in table.column_names:
        return pa.nulls(table.num_rows)
    found = table.column(name).combine_chunks()
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def same(a: pa.Array, b: pa.Array) -> bool:
    if a.null_count == b.null_count == len(a) == len(b):
        return True
    if a.type != b.type or len(a) != len(b) or not a.is_null().equals(b.is_null()):
        return False
    if pa.types.is_list(a.type):
        lengths = (x.value_lengths() for x in (a, b))
        return same(*lengths) and same(a.flatten(), b.flatten())
    if pa.types.is_struct(a.type):
        return all(same(*pair) for pair in zip(a.flatten(), b.flatten(), strict=True))
    if pa.types.is_floating(a.type):
        bits = [x.drop_null().to_numpy(zero_copy_only=False).tobytes() for x in (a, b)]
        return bits[0] == bits[1]
    return a.equals(b)
