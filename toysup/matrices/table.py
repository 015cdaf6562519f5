"""A parquet or CSV file -> matrices: a row a direction, or the W of each row of a run's results."""

import dataclasses
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from toysup.files.shown import quoted
from toysup.matrices.matrix import ROWS, Matrix, Take, fault, named, oriented, taken
from toysup.matrices.unreadable import explained, one_key

OWN = ("W", "d_hidden", "n_features", "condition", "directions")  # columns of toysup's results
INDEX = re.compile(r"Unnamed: \d+|__index_level_\d+__")  # what pandas calls a written index
MOST_COUNT = 3  # rows that count upwards by accident


def from_table(
    path: Path, key: str | None, axis: str | None, where: Sequence[str], take: Take
) -> Iterator[Matrix]:
    """A row a direction, or a list column with a direction in each row; of a run's results, a
    matrix in each row."""
    name = str(path)
    with explained(path):
        frame = frame_of(path)
    if set(OWN) <= set(frame.columns) and key in (None, "W"):
        yield from of_results(name, frame, where, take)
        return
    if where:
        raise fault(name, "--where chooses rows of a run's results, and this is another table.")
    objects = [str(c) for c in frame if frame[c].dtype.kind == "O"]
    lists = [c for c in objects if frame[c].map(is_list).any()]
    texts = [c for c in objects if c not in lists and is_text(frame[c])]
    said = cut_short(path)
    if lists:
        array = stacked(name, frame[one_key(name, lists, key)])
    else:
        array = numbers(name, frame.drop(columns=texts))
        said += left_out(texts[1:])
    found = oriented(name, array, axis or ROWS, take)
    found = dataclasses.replace(found, said=f"{found.said} {said}".strip())
    rows = (axis or ROWS) == ROWS and texts
    yield named(found, texts_of(path, frame, texts[0]) if rows else None)


def frame_of(path: Path):
    """The table of a file. An index of words, as pandas writes one, is its first column."""
    import pandas as pd

    if path.suffix.lower() == ".csv":
        return pd.read_csv(path, header=header_of(path)).rename(columns=str)
    frame = pd.read_parquet(path)
    return (frame.reset_index() if is_text(frame.index.to_series()) else frame).rename(columns=str)


def header_of(path: Path) -> int | None:
    """The row of a CSV file that has the names of its columns."""
    import pandas as pd

    first = pd.read_csv(path, header=None, nrows=1, dtype=str).iloc[0]
    return 0 if is_header(first.map(str).tolist()) else None


def is_header(cells: Sequence[str]) -> bool:
    """Whether the first row of a table has the names of its columns: texts, or a count.

    >>> is_header(["x", "y"]), is_header(["0", "1", "2"]), is_header(["the", "0.1", "-0.2"])
    (True, True, False)
    """
    found = [float(cell) for cell in cells if is_number(cell)]
    return any(found == list(range(first, first + len(found))) for first in (0, 1))


def is_list(value: object) -> bool:
    return isinstance(value, list | np.ndarray)


def is_text(values) -> bool:
    """Whether a column has texts, of which most are no numbers: some words are, as 1984."""
    texts = [value for value in values if isinstance(value, str)]
    return bool(texts) and sum(map(is_number, texts)) <= len(texts) / 2


def texts_of(path: Path, frame, column: str) -> tuple[str, ...]:
    """The texts of a column. "null" and "NA" are words among words, and no missing numbers."""
    import pandas as pd

    if path.suffix.lower() == ".csv":
        only = {"header": header_of(path), "usecols": [list(frame).index(column)]}
        return tuple(pd.read_csv(path, **only, dtype=str, keep_default_na=False).iloc[:, 0])
    return tuple(frame[column].map(str))


def stacked(name: str, values) -> np.ndarray:
    """The lists of a column, `(rows, length)`."""
    for row, value in enumerate(values):
        if not is_list(value) or np.ndim(value) != 1 or any(map(is_list, value)):
            raise fault(
                name, f"has no list of numbers in row {row} of its column {quoted(values.name)}."
            )
    lengths = {len(value) for value in values}
    if len(lengths) > 1:
        raise fault(
            name, f"has lists of {len(lengths)} lengths in its column {quoted(values.name)}."
        )
    return np.stack(values.to_list())


def numbers(name: str, frame) -> np.ndarray:
    """The numbers of a table without its texts, `(rows, columns)`."""
    for column in frame.columns:
        values = frame[column]
        if values.dtype.kind not in "iuf":
            raise fault(
                name, f"has a column {quoted(column)} that is not of numbers alone. Leave it out."
            )
        counts = len(values) > MOST_COUNT and (np.diff(values.to_numpy(float)) == 1).all()
        if counts or INDEX.fullmatch(column):
            raise fault(
                name,
                f"has a column {quoted(column)} that counts its rows, and is no dimension. Leave "
                "it out: pandas writes none with index=False.",
            )
    if frame.shape[1] < 2:
        raise fault(name, "has fewer than two columns of numbers: a row is a direction.")
    single = all(kind.itemsize <= 4 and kind.kind == "f" for kind in frame.dtypes)
    return frame.to_numpy(np.float32 if single else np.float64)


def left_out(columns: Sequence[str]) -> str:
    if not columns:
        return ""
    return f"Columns of texts that are left out: {', '.join(map(quoted, columns))}."


def cut_short(path: Path) -> str:
    """A word on a CSV file whose last line does not end."""
    if path.suffix.lower() != ".csv":
        return ""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        whole = file.read() in b"\r\n"
    return "" if whole else "Its last line has no end: it may be cut short."


def of_results(name: str, frame, where: Sequence[str], take: Take) -> Iterator[Matrix]:
    """The W of each row of a run's results that `where` chooses."""
    for words in where:
        for item in words.split(","):
            column, _, value = (part.strip() for part in item.partition("="))
            if column not in frame or not value:
                raise fault(name, f"--where {quoted(item)}: must be COLUMN=VALUE of the results.")
            texts = frame[column].map(str)
            chosen = texts == value
            if not chosen.any() and frame[column].dtype.kind in "fi":
                chosen = frame[column] == float(value) if is_number(value) else chosen
            if not chosen.any():
                there = ", ".join(sorted(set(texts))[:10])
                raise fault(name, f"--where {quoted(item)}: no row has it. There are: {there}.")
            frame = frame[chosen]
    for row in frame.to_dict("records"):
        W = np.asarray(row["W"], float).reshape(row["d_hidden"], row["n_features"])
        group = f"condition {row['condition']}, {row['directions']}"
        yield taken(f"{name}, {group}, seed {row['seed']}", W, take)


def is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text))
