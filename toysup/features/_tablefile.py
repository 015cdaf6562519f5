"""A parquet or CSV file of non-negative numbers -> a uniform random sample of its rows.

The file is read in batches, so its size does not matter, and every value of it is checked. What
cannot be used raises a ToysupError that says so. Rows count from 1, without the row of names.
"""

import hashlib
import os
import stat
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from toysup.errors import ToysupError
from toysup.features import _tableread
from toysup.features._tablenames import fault_of_index
from toysup.features._tableread import (
    LARGEST,
    SUFFIXES,
    File,
    bad_value,
    explained,
    names,
    numbers,
    remembered,
    unusable,
)
from toysup.files import data
from toysup.files.shown import quoted

DIGITS = "digits"
DIGITS_FILE = Path(__file__).with_name("digits.parquet")  # its licence: digits.txt
NAMED = f"with a name that ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
FEWEST_ROWS = 64  # fewer say little about a distribution
SEED = 0
# On most processors, what is smaller counts as 0 in some places and not in others.
SMALLEST = float(np.finfo(np.float32).tiny)


def find(path: str) -> File:
    """The file at a path of a sweep."""
    place = str(DIGITS_FILE) if path == DIGITS else data.place(path)
    missing = f'there is no such file in {data.start()} ("{DIGITS}" is always there)'
    if not path:
        raise unusable(path, missing)
    try:
        there = os.stat(place)
    except (FileNotFoundError, ValueError):  # a ValueError where no file can have such a name
        raise unusable(path, missing) from None
    except OSError as error:
        raise unusable(path, f"{error.strerror}") from None
    if not stat.S_ISREG(there.st_mode):
        raise unusable(path, f"it is no file. It must be one, {NAMED}")
    target = os.path.realpath(place)
    suffix = next((s for name in (place, target) for s in SUFFIXES if name.endswith(s)), None)
    if suffix is None:
        raise unusable(path, f"it must be a parquet or CSV file, {NAMED}")
    return File(path, target, suffix, there.st_mtime_ns, there.st_size)


@remembered
def features(file: File) -> tuple[str, ...]:
    """The names of its columns, of which none is an index."""
    found = names(file)
    with explained(file):
        fault = fault_of_index(found, head(file))
    if fault:
        raise unusable(file.path, fault)
    return found


def head(file: File) -> np.ndarray:
    """The first rows, (rows, features): enough to tell what counts them, or NaN where it has few.

    They are not checked yet.
    """
    taken: list[np.ndarray] = []
    for batch in _tableread.batches(file):
        taken.append(numbers(batch))
        if sum(map(len, taken)) >= FEWEST_ROWS:
            return np.concatenate(taken)
    return np.full((2, 1), np.nan)


def has_more(file: File, rows: int) -> bool:
    """Whether it has more rows than that."""
    count = 0
    with explained(file):
        return any((count := count + batch.num_rows) > rows for batch in _tableread.batches(file))


_sampled: dict[File, str] = {}  # what was wrong with a file that was read, or ""


def check(file: File, rows: int) -> None:
    """Read it once for its `rows`, whatever else it will be read for: ToysupError for a fault."""
    if file not in _sampled:
        try:
            sample(file, rows)
            _sampled[file] = ""
        except ToysupError as error:
            _sampled[file] = str(error)
    if _sampled[file]:
        raise ToysupError(_sampled[file])


@remembered
def sample(file: File, rows: int) -> np.ndarray:
    """At most `rows` of its rows, (rows, features), each with equal chance, in their order.

    Every row draws a number, and those with the lowest numbers are kept (Efraimidis and Spirakis
    2006): a reservoir that takes a batch at a time. The draws are the same every time.
    """
    generator = np.random.default_rng(SEED)
    columns = features(file)
    count, draws, kept = 0, np.empty(0), np.empty((0, len(columns)), np.float32)
    largest = np.zeros(len(columns))
    with explained(file):
        for batch in _tableread.batches(file):
            values = checked(batch, file, count)
            count += len(values)
            largest = np.maximum(largest, values.max(axis=0, initial=0))
            values = values.astype(np.float32)
            drawn = generator.random(len(values))
            if len(draws) == rows:
                good = drawn < draws.max()
                values, drawn = values[good], drawn[good]
            draws, kept = np.concatenate([draws, drawn]), np.concatenate([kept, values])
            if len(draws) > rows:
                lowest = np.sort(np.argpartition(draws, rows)[:rows])
                draws, kept = draws[lowest], kept[lowest]
    if count < FEWEST_ROWS:
        words = "1 row" if count == 1 else f"{count} rows"
        raise unusable(file.path, f"it has {words}. It needs at least {FEWEST_ROWS}")
    if not largest.any():
        raise unusable(file.path, "nothing in it is above 0")
    for name, most in zip(columns, largest, strict=True):
        if 0 < most < SMALLEST:
            raise unusable(
                file.path,
                f'its column "{quoted(name)}" has at most {most:g}, which single precision takes '
                f"for 0: its smallest number is {SMALLEST:.2g}. Multiply the column by a constant",
            )
    kept[kept < SMALLEST] = 0
    return kept


@cache
def digest(file: File) -> str:
    """The sha256 of its content."""
    with Path(file.place).open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def checked(batch: pa.RecordBatch, file: File, above: int) -> np.ndarray:
    """The values of a batch, (rows, features); `above` rows of the file came before it."""
    values = numbers(batch)
    good = (values >= 0) & (values <= LARGEST)
    if not good.all():
        row = int(np.argmin(good.all(axis=1)))
        place = int(np.argmin(good[row]))
        value = batch.column(place)[row].as_py()
        raise bad_value(file, place, above + row + 1, "no value" if value is None else f"{value}")
    return values
