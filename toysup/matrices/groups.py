"""Files -> groups of matrices -> what is judged, within the memory and time that there are."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from toysup.errors import RefusedError, ToysupError
from toysup.files.publish import user_errors
from toysup.grid.container import memory
from toysup.matrices.judge import Judged, judge
from toysup.matrices.read import AXES, ROWS, Matrix, matrices, named

SPEED = 2e10  # multiplications a second that an old laptop does
MOST_SECONDS = 1800.0
COPIES = 4  # of a matrix that are in memory at a time


def judge_files(
    files: Sequence[Path],
    key: str | None = None,
    axis: str | None = None,
    group: str | None = None,
    where: Sequence[str] = (),
    names: Path | None = None,
    sample: int | None = None,
    seed: int = 0,
    callback: Callable[[float], None] = lambda done: None,
    against: Path | None = None,
    features: Path | None = None,
) -> tuple[list[Judged], list[str]]:
    """What is judged of files, and what was guessed about them."""
    if axis is not None and axis not in AXES:
        raise ToysupError(f"--axis {axis}: must be {' or '.join(AXES)}.")
    pattern = compiled(group)
    given = read_names(names) if names else None
    groups: dict[str, list[Matrix]] = {}
    said: list[str] = []

    def prepared(matrix: Matrix) -> Matrix:
        one = named(matrix, given, str(names))
        one = drawn(one, sample, seed) if sample else one
        refuse_too_large(one)
        if one.said:
            said.append(f"{one.name}: {one.said}")
        return one

    for path in files:
        for matrix in matrices(path, key, axis, where):
            one = prepared(matrix)
            groups.setdefault(group_of(one.name, pattern), []).append(one)
    other = prepared(only(against, key, axis)) if against else None
    data = only(features, key, ROWS) if features else None
    return judge(groups, callback, other, data), said


def only(path: Path, key: str | None, axis: str | None) -> Matrix:
    """The one matrix of a file."""
    found = list(matrices(path, key, axis))
    if len(found) != 1:
        raise ToysupError(f"{path}: holds {len(found)} matrices, and one is wanted here.")
    return found[0]


def compiled(group: str | None) -> re.Pattern | None:
    try:
        return re.compile(group) if group is not None else None
    except re.error as error:
        raise ToysupError(f"--group {group}: is no regular expression ({error}).") from error


def group_of(name: str, pattern: re.Pattern | None) -> str:
    """The group of a matrix: the match of the pattern, or what comes before its seed."""
    if pattern is None:
        return name.partition(", seed ")[0]
    found = pattern.search(name)
    if found is None:
        raise ToysupError(f"{name}: does not match --group {pattern.pattern}.")
    return " ".join(found.groups()) if found.groups() else found.group()


def read_names(path: Path) -> tuple[str, ...]:
    with user_errors(path, "read"):
        return tuple(path.read_text(encoding="utf-8", errors="replace").splitlines())


def drawn(matrix: Matrix, sample: int, seed: int) -> Matrix:
    """Some directions of a matrix, drawn at random, in their order."""
    n = matrix.W.shape[1]
    if sample >= n:
        return matrix
    kept = np.sort(np.random.default_rng(seed).choice(n, sample, replace=False))
    names = tuple(matrix.names[i] if matrix.names else str(i) for i in kept.tolist())
    said = f"{matrix.said} {sample:,} of {n:,} directions, drawn at random.".strip()
    return replace(matrix, W=matrix.W[:, kept], names=names, said=said, drawn_from=n)


def refuse_too_large(matrix: Matrix) -> None:
    """RefusedError for a matrix that takes too long, or does not fit in memory."""
    m, n = matrix.W.shape
    seconds, needed = 2 * n * n * m / SPEED, COPIES * 4 * n * m
    wrong = ""
    if seconds > MOST_SECONDS:
        wrong = f"would take about {seconds / 60:,.0f} minutes"
    elif needed > memory():
        wrong = f"would need about {needed / 1e9:,.0f} GB of memory"
    if wrong:
        raise RefusedError(
            f"{matrix.name}: {n:,} directions of {m:,} dimensions {wrong}. Judge some of them with "
            "--sample 10000."
        )
