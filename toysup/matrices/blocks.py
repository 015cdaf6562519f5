"""What the cosines of many directions sum up to, a block at a time: never all of them at once.

The sums are exact up to rounding: in float64 up to DOUBLE entries of the matrix, and above it in
float32 with sums in float64.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from toysup.geometry import EXPONENTIAL_TEMPERATURE

BLOCK = 1024  # directions: a block of cosines is BLOCK x BLOCK
DOUBLE = 2**22  # entries of a matrix that is measured in float64
BINS = 400  # of the histogram, each 0.005 wide
NONE = -1  # the place of no direction


@dataclass
class Sums:
    """The sums over ordered pairs i != j, and each direction's nearest and most opposed one."""

    positives: np.ndarray  # (r,), of relu(c)^2, for each direction
    exponential: float  # of exp(c / t)
    histogram: np.ndarray  # (BINS,), counts of cosines from -1 to 1
    nearest: np.ndarray  # (r,), the largest cosine of each with another
    nearest_place: np.ndarray
    opposed: np.ndarray  # (r,), the smallest
    opposed_place: np.ndarray

    @property
    def positive(self) -> float:
        """The sum of relu(c)^2."""
        return float(self.positives.sum())


def unit(W: np.ndarray) -> np.ndarray:
    """The columns of `W`, `(m, r)`, at length one, as rows `(r, m)` next to each other in memory.
    None may be zero."""
    double = W.size <= DOUBLE
    U = np.ascontiguousarray(W.T, dtype=np.float64 if double else np.float32)
    return U / np.linalg.norm(U, axis=1, keepdims=True).astype(U.dtype)


def pairs_of_blocks(r: int) -> Iterator[tuple[slice, slice]]:
    """The blocks of cosines on the diagonal and above it."""
    starts = range(0, r, BLOCK)
    for i in starts:
        for j in starts:
            if j >= i:
                yield slice(i, min(r, i + BLOCK)), slice(j, min(r, j + BLOCK))


def sums_of(U: np.ndarray, callback: Callable[[float], None] = lambda done: None) -> Sums:
    """The sums of the cosines of `U`, `(r, m)` of unit rows. `callback` is told the share done.

    As many threads as cores work, each on a block: they hold about 20 bytes for each cosine of it.
    """
    r = len(U)
    found = Sums(
        np.zeros(r),
        0.0,
        np.zeros(BINS, np.int64),
        np.full(r, -np.inf),
        np.full(r, NONE),
        np.full(r, np.inf),
        np.full(r, NONE),
    )
    blocks = list(pairs_of_blocks(r))
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        # A few blocks ahead: results wait in memory until they are added, in order.
        for start in range(0, len(blocks), 4 * workers):
            some = blocks[start : start + 4 * workers]
            parts = pool.map(lambda block: measured(U, block[0], block[1], found), some)
            for block, part in zip(some, parts, strict=True):
                add(found, *block, part)
            callback((start + len(some)) / len(blocks))
    return found


def measured(U: np.ndarray, rows: slice, columns: slice, before: Sums) -> tuple:
    """The sums of one block of cosines, once, and the extremes of its rows and columns.

    The places of extremes that do not go beyond those of `before` are NONE: nobody needs them. It
    may be of any moment before now, as extremes only widen.
    """
    c = U[rows] @ U[columns].T
    diagonal = rows == columns
    if diagonal:
        np.fill_diagonal(c, 0.0)
    bins = np.clip(((c + 1) * (BINS / 2)).astype(np.int32), 0, BINS - 1)
    histogram = np.bincount(bins.ravel(), minlength=BINS)
    positive = np.maximum(c, 0)
    np.square(positive, out=positive)
    of_positives = [positive.sum(axis=axis, dtype=np.float64) for axis in (1, 0)]
    np.multiply(c, 1 / EXPONENTIAL_TEMPERATURE, out=positive)
    np.exp(positive, out=positive)
    of_exponentials = float(positive.sum(dtype=np.float64))
    extremes = []
    for sign, known in ((1, before.nearest), (-1, before.opposed)):
        if diagonal:
            np.fill_diagonal(c, -sign * np.inf)
        for axis, part in ((1, rows), (0, columns)):
            extremes.append(extreme(c, axis, sign, known[part]))
    if diagonal:  # the zeros on it are no pairs
        histogram[BINS // 2] -= len(c)
        of_exponentials -= len(c)
    return of_positives, of_exponentials, histogram, extremes


def extreme(c: np.ndarray, axis: int, sign: int, known: np.ndarray) -> tuple:
    """The largest values of a block along an axis, or the smallest if `sign` is -1, and the places
    of those that go beyond the known ones. A search down the columns is slow."""
    value = c.max(axis=axis) if sign > 0 else c.min(axis=axis)
    beyond = np.flatnonzero(sign * value > sign * known)
    some = c[beyond] if axis == 1 else c[:, beyond].T
    place = np.full(len(value), NONE)
    place[beyond] = (sign * some).argmax(axis=1) if len(beyond) else NONE
    return value, place


def add(found: Sums, rows: slice, columns: slice, part: tuple) -> None:
    """Add a block, and the one that is its mirror image."""
    positive, exponential, histogram, extremes = part
    times = 1 if rows == columns else 2
    for place, of_each in zip((rows, columns)[:times], positive, strict=False):
        found.positives[place] += of_each
    found.exponential += times * exponential
    found.histogram += times * histogram
    (near, near_place), (near_c, near_c_place), (far, far_place), (far_c, far_c_place) = extremes
    widen(found.nearest, found.nearest_place, rows, near, near_place + columns.start, np.greater)
    widen(found.opposed, found.opposed_place, rows, far, far_place + columns.start, np.less)
    if rows != columns:
        place = near_c_place + rows.start
        widen(found.nearest, found.nearest_place, columns, near_c, place, np.greater)
        place = far_c_place + rows.start
        widen(found.opposed, found.opposed_place, columns, far_c, place, np.less)


def widen(values, places, part: slice, new, new_places, beyond) -> None:
    """Replace the values of a part that new ones go beyond."""
    better = beyond(new, values[part])
    values[part] = np.where(better, new, values[part])
    places[part] = np.where(better, new_places, places[part])


def frame_operator(U: np.ndarray) -> np.ndarray:
    """F = sum_i u_i u_i^T, `(m, m)` in float64, of unit rows `(r, m)`."""
    F = np.zeros((U.shape[1], U.shape[1]))
    for start in range(0, len(U), 8 * BLOCK):
        part = U[start : start + 8 * BLOCK]
        F += part.T @ part
    return F


def smaller_operator(U: np.ndarray) -> np.ndarray:
    """The frame operator, or the Gram matrix where rows are fewer than dimensions: they have the
    same eigenvalues, but for zeros."""
    r, m = U.shape
    return frame_operator(U) if m <= r else np.matmul(U, U.T, dtype=np.float64)


def energies(U: np.ndarray) -> np.ndarray:
    """sum_j (u_i . u_j)^2 of each row u_i of `U`, `(r,)`: its own among them."""
    r, m = U.shape
    operator = smaller_operator(U)
    return np.einsum("ij,ij->i", U @ operator, U) if m <= r else (operator**2).sum(axis=1)


def closest_pairs(U: np.ndarray, found: Sums, most: int, sign: int) -> list[tuple[int, int, float]]:
    """The `most` pairs with the largest cosines, or with the smallest if `sign` is -1: (i, j, c).

    At least `most` pairs are as close as the `most`-th of the distinct nearest ones, so only
    directions that are as close to their own nearest can be in the answer: twice as many, and ties.
    """
    r = len(U)
    own = sign * (found.nearest if sign > 0 else found.opposed)
    kept = {}
    for i in np.argsort(-own, kind="stable")[: 3 * most].tolist():
        c = sign * (U @ U[i])
        c[i] = -np.inf
        for j in np.argsort(-c, kind="stable")[: min(most, r - 1)].tolist():
            kept[min(i, j), max(i, j)] = sign * float(c[j])
    best = sorted(kept.items(), key=lambda item: (-sign * item[1], item[0]))[:most]
    return [(i, j, c) for (i, j), c in best]


def share_above(nearest: np.ndarray, cosine: float) -> float:
    """The share of directions whose nearest is closer than a cosine says."""
    return float((nearest > cosine).mean())
