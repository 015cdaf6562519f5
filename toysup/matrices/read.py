"""A file -> matrices `(m, n)` of floats, whose columns are directions, with their names.

What cannot be read raises a ToysupError. Formats that run code when they are opened are refused.
"""

import contextlib
import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from toysup.errors import RefusedError, ToysupError
from toysup.files.shown import quoted
from toysup.grid.container import memory

ROWS, COLUMNS = "rows", "columns"
AXES = (ROWS, COLUMNS)
PLAIN = 2.0  # one side this many times as long as the other has the directions
RUNS_CODE = {
    ".pt": "torch.load",
    ".pth": "torch.load",
    ".bin": "torch.load",
    ".ckpt": "torch.load",
    ".pkl": "pickle.load",
    ".pickle": "pickle.load",
    ".joblib": "joblib.load",
}
OWN = ("W", "d_hidden", "n_features", "condition", "directions")  # columns of toysup's results
KINDS = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}  # of safetensors, as numpy has them
KINDS |= {"I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1", "BOOL": "?"}
OTHERS = {"U": "texts", "S": "texts", "V": "records", "M": "", "m": ""}  # kinds of arrays
EXPANDED = 4  # bytes in memory for one of a file that is read as a whole
READS = ".npy, .npz, .safetensors, .parquet and .csv"


@dataclass(frozen=True)
class Matrix:
    """A matrix `(m, n)`: `names` are those of its columns, or None."""

    name: str
    W: np.ndarray
    names: tuple[str, ...] | None = None
    said: str = ""  # what was guessed
    drawn_from: int = 0  # columns of which these are drawn at random; 0 if these are all
    places: tuple[int, ...] = ()  # of these among them


Take = Callable[[str, int, int], np.ndarray | None]


def everything(name: str, m: int, n: int) -> None:
    """Take every column of a matrix `(m, n)`."""
    return None


def fault(name: str, words: str) -> ToysupError:
    return ToysupError(f"{name}: {words}")


def matrices(
    path: Path,
    key: str | None = None,
    axis: str | None = None,
    where: Sequence[str] = (),
    take: Take = everything,
) -> Iterator[Matrix]:
    """The matrices of a file: one, or one for each row of a run's results.

    `take` is told the name and the size of a matrix before it is in memory, and says which of its
    columns are wanted, or raises.
    """
    suffix, name = path.suffix.lower(), str(path)
    if suffix in RUNS_CODE:
        raise fault(
            name,
            f"{suffix} files run code when they are opened, and are not read. In a process that "
            f"you trust with it, {RUNS_CODE[suffix]} it and save the matrix: "
            "numpy.save('directions.npy', matrix).",
        )
    if not path.is_file():
        raise fault(name, "there is no such file.")
    if where and suffix != ".parquet":
        raise fault(name, "--where chooses rows of a run's results, a .parquet file.")
    if suffix == ".npy":
        with explained(path):
            array = np.load(path, mmap_mode="r", allow_pickle=False)
        yield oriented(name, array, axis, take)
    elif suffix in (".npz", ".safetensors"):
        refuse_large_file(path)
        with explained(path):
            zipped = suffix == ".npz"
            arrays = np.load(path, allow_pickle=False) if zipped else open_safetensors(path)
            chosen = one_key(name, list(arrays), key)
            array = arrays[chosen]
        yield oriented(f"{name}, {chosen}", array, axis, take)
    elif suffix in (".parquet", ".csv"):
        refuse_large_file(path)
        yield from from_table(path, key, axis, where, take)
    else:
        raise fault(name, f"is not of a format that is read: {READS}.")


def refuse_large_file(path: Path) -> None:
    """RefusedError for a file that is read as a whole and does not fit in memory."""
    size = path.stat().st_size
    if EXPANDED * size > memory():
        raise RefusedError(
            f"{path}: has {size / 1e9:,.1f} GB, and would need about {EXPANDED * size / 1e9:,.0f} "
            "GB of memory. Save the one matrix with numpy.save: of an .npy file, --sample reads "
            "only some of the directions."
        )


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """A line for a file that cannot be read. A damaged one makes libraries raise any error."""
    try:
        yield
    except ToysupError:
        raise
    except Exception as error:
        raise unreadable(path, error) from error


def open_safetensors(path: Path) -> dict[str, np.ndarray]:
    """Every tensor of a file, those of bfloat16 as float32."""
    import safetensors

    return {name: array_of(**about) for name, about in safetensors.deserialize(path.read_bytes())}


def array_of(dtype: str, shape: list[int], data: bytes) -> np.ndarray:
    """The array of a tensor. bfloat16, which numpy has not, is the upper half of float32."""
    if dtype == "BF16":
        whole = np.frombuffer(data, "<u2").astype("<u4") << 16
        return whole.view("<f4").reshape(shape)
    return np.frombuffer(data, KINDS[dtype]).reshape(shape)


def unreadable(path: Path, error: Exception) -> ToysupError:
    reason = " ".join(str(error).split())[:200].rstrip(".")
    if any(word in reason.lower() for word in ("pickle", "object array", "python objects")):
        return fault(
            str(path),
            "holds Python objects, which run code when they are opened. Save the matrix alone: "
            "numpy.save('directions.npy', matrix.astype('float32')).",
        )
    return fault(str(path), f"cannot be read ({reason or type(error).__name__}).")


def one_key(name: str, keys: list[str], key: str | None) -> str:
    """The key that was asked for, or the only one."""
    if key in keys:
        return str(key)
    listed = ", ".join(keys[:20]) + (f" and {len(keys) - 20} more" if len(keys) > 20 else "")
    if key is not None:
        raise fault(name, f"has no {quoted(key)}. There are: {listed}.")
    if len(keys) != 1:
        raise fault(name, f"holds {len(keys)} arrays. Choose one with --key: {listed}.")
    return keys[0]


def from_table(
    path: Path, key: str | None, axis: str | None, where: Sequence[str], take: Take
) -> Iterator[Matrix]:
    """A row a direction, or a list column with a direction in each row; of a run's results, a
    matrix in each row."""
    import pandas as pd

    name = str(path)
    with explained(path):
        frame = pd.read_parquet(path) if path.suffix.lower() == ".parquet" else pd.read_csv(path)
    if set(OWN) <= set(frame.columns) and key in (None, "W"):
        yield from of_results(name, frame, where, take)
        return
    if where:
        raise fault(name, "--where chooses rows of a run's results, and this is another table.")
    lists = [c for c in frame if len(frame) and isinstance(frame[c].iloc[0], list | np.ndarray)]
    texts = [c for c in frame if frame[c].map(lambda v: isinstance(v, str)).all()]
    names = tuple(frame[texts[0]]) if texts else None
    if lists:
        values = frame[one_key(name, list(map(str, lists)), key)]
        lengths = {len(v) for v in values}
        if len(lengths) > 1:
            raise fault(name, f"has lists of {len(lengths)} lengths in its column {values.name}.")
        array = np.stack(values.to_list())
    else:
        numbers = frame.select_dtypes("number")
        if numbers.shape[1] < 2:
            raise fault(name, "has fewer than two columns of numbers: a row is a direction.")
        array = numbers.to_numpy()
        array = array.astype(float) if array.dtype.kind in "iu" else array
    found = oriented(name, array, axis or ROWS, take)
    yield named(found, names if (axis or ROWS) == ROWS else None)


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


def oriented(name: str, array: np.ndarray, axis: str | None, take: Take = everything) -> Matrix:
    """A checked array as `(m, n)`. Which axis has the directions is guessed where it is plain."""
    array = np.asarray(array) if not isinstance(array, np.ndarray) else array
    if array.ndim != 2:
        shape = " x ".join(map(str, array.shape)) or "a single number"
        raise fault(name, f"has the shape {shape}. Directions are a matrix, of two axes.")
    rows, columns = array.shape
    said = ""
    if axis is None:
        if max(rows, columns) < PLAIN * min(rows, columns):
            raise fault(
                name,
                f"is {rows} x {columns}: say with --axis whether rows or columns are directions.",
            )
        axis = ROWS if rows > columns else COLUMNS
        said = f"The {axis} are taken for directions: {max(array.shape)} of {min(array.shape)} "
        said += "dimensions. --axis says otherwise."
    found = taken(name, array.T if axis == ROWS else array, take)
    return dataclasses.replace(found, said=f"{said} {found.said}".strip())


def taken(name: str, W: np.ndarray, take: Take) -> Matrix:
    """The columns of a matrix that `take` wants, checked."""
    n = W.shape[1]
    places = take(name, *W.shape)
    if places is None:
        return checked(name, W)
    found = checked(name, W[:, places])
    said = f"{len(places):,} of {n:,} directions, drawn at random."
    return dataclasses.replace(found, said=said, drawn_from=n, places=tuple(places.tolist()))


def checked(name: str, W: np.ndarray) -> Matrix:
    """A matrix of finite floats with two directions and two dimensions at least."""
    if W.dtype.kind == "c":
        raise fault(name, "holds complex numbers. Directions are real.")
    if W.dtype.kind in OTHERS:
        kind = OTHERS[W.dtype.kind] or W.dtype
        raise fault(name, f"holds {kind}, and no numbers. Directions are floats.")
    if W.dtype.kind in "iub":
        raise fault(name, f"holds {W.dtype}s. Directions are floats: save matrix.astype(float).")
    m, n = W.shape
    if m < 2 or n < 2:
        raise fault(name, f"has {n} directions of {m} dimensions. Give two of each at least.")
    W = W.astype(np.float64 if W.dtype == np.float64 else np.float32)
    wrong = ~np.isfinite(W)
    if wrong.any():
        where, which = np.argwhere(wrong.T)[0].tolist()
        raise fault(
            name,
            f"{int(wrong.sum()):,} of {W.size:,} entries are not finite, the first in dimension "
            f"{which} of direction {where} (both count from 0).",
        )
    return Matrix(name, W)


def named(matrix: Matrix, names: Sequence[str] | None, source: str = "names") -> Matrix:
    """A matrix with the names of all directions of its file, if there are any; those drawn from
    many keep their numbers else."""
    n = matrix.drawn_from or matrix.W.shape[1]
    if names is None and matrix.names is None and matrix.places:
        return dataclasses.replace(matrix, names=tuple(map(str, matrix.places)))
    if names is None:
        return matrix
    if len(names) != n:
        raise fault(source, f"has {len(names):,} names, and {matrix.name} {n:,} directions.")
    some = [names[i] for i in matrix.places] if matrix.places else names
    return dataclasses.replace(matrix, names=tuple(some))
