"""Which columns of a table are no features: those without names, and the index of its rows."""

import re
from collections import Counter

import numpy as np
import pyarrow as pa

from toysup.files.shown import quoted

SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars"}
# What pandas calls an index that was written as a column: in a CSV file, read again, in parquet.
INDEX = re.compile(r"|Unnamed: \d+|__index_level_\d+__")
WITHOUT_INDEX = "Write the file with index=False"
SHOWN_NAMES = 3


def fault_of_names(names: tuple[str, ...], csv: bool) -> str | None:
    """What is wrong with the names of a file's columns, after "cannot use FILE: ", or None."""
    if not names:
        return "it has no columns"
    separator = next((s for s in SEPARATORS if s in names[0]), None)
    if csv and len(names) == 1 and separator:
        words = SEPARATORS[separator]
        return f"its columns are separated by {words}. A CSV file separates them by commas"
    if csv and all(map(is_number, names)):
        shown = ", ".join(map(quoted, names[:SHOWN_NAMES]))
        more = ", ..." if len(names) > SHOWN_NAMES else ""
        return (
            f"its first row is numbers ({shown}{more}), where the names of its columns should be. "
            "Write a row of names above it, such as f0, f1"
        )
    for name, times in Counter(names).items():
        if INDEX.fullmatch(name):
            return f'its column "{name}" looks like the index of a pandas table. {WITHOUT_INDEX}'
        if times > 1:
            return (
                f'it has {times} columns named "{quoted(name)}". '
                "Columns need names of their own, in a CSV file in its first row"
            )
    return None


def is_number(name: str) -> bool:
    """
    >>> is_number("0.5"), is_number("1e-3"), is_number("f0")
    (True, True, False)
    """
    try:
        float(name)
    except ValueError:
        return False
    return True


def fault_of_types(schema: pa.Schema) -> str | None:
    """What is wrong with the first column that holds no numbers, or None."""
    for field in schema:
        if pa.types.is_nested(field.type):
            return (
                f'its column "{quoted(field.name)}" holds several values in each row '
                f"({quoted(field.type)}). Make a column of each of them"
            )
        kinds = pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            return (
                f'its column "{quoted(field.name)}" holds text, and each column is a feature: '
                "a number from 0 on. Leave the column out, or write it as numbers"
            )
        if not any(is_kind(field.type) for is_kind in kinds):
            return (
                f'its column "{quoted(field.name)}" holds {field.type} from row 1 on. '
                "Features are whole numbers, floats or true and false"
            )
    return None


def fault_of_index(names: tuple[str, ...], head: np.ndarray) -> str | None:
    """What is wrong with a column that counts the first rows, `head`, (rows, features), or None."""
    with np.errstate(invalid="ignore"):
        places = np.flatnonzero((np.diff(head, axis=0) == 1).all(axis=0))
    if not len(places):
        return None
    first = head[0, places[0]]
    return (
        f'its column "{quoted(names[places[0]])}" counts the rows, {first:g}, {first + 1:g}, '
        f"{first + 2:g} and so on: an index is no feature. {WITHOUT_INDEX}, or leave it out"
    )
