"""An array -> a checked matrix `(m, n)` of floats: its columns are directions, with their names."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from toysup.errors import ToysupError
from toysup.files.shown import quoted

ROWS, COLUMNS = "rows", "columns"
AXES = (ROWS, COLUMNS)
PLAIN = 2.0  # one side this many times as long as the other has the directions
OTHERS = {"U": "texts", "S": "texts", "V": "records", "M": "", "m": ""}  # kinds of arrays


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


def oriented(name: str, array: np.ndarray, axis: str | None, take: Take = everything) -> Matrix:
    """A checked array as `(m, n)`. Which axis has the directions is guessed where it is plain."""
    array = np.asarray(array) if not isinstance(array, np.ndarray) else array
    if array.ndim != 2:
        shape = " x ".join(map(str, array.shape)) or "a single number"
        raise fault(name, f"has the shape {shape}. Directions are a matrix, of two axes.")
    rows, columns = array.shape
    said = ""
    if axis not in (None, *AXES):
        raise fault(name, f"axis {quoted(axis)}: must be {' or '.join(AXES)}.")
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
    if W.dtype.kind == "V" and "float" in W.dtype.name:  # bfloat16 and others that numpy has not
        W = W.astype(np.float32)
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
    W = W.astype(np.float32 if W.itemsize <= 4 else np.float64)
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
