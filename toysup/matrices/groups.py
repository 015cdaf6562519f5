"""Files -> groups of matrices -> what is judged, within the memory and time that there are."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from toysup.errors import RefusedError, ToysupError
from toysup.files.publish import user_errors
from toysup.matrices.judge import Judged, judge
from toysup.matrices.matrix import AXES, ROWS, Matrix, Take, named
from toysup.matrices.read import matrices
from toysup.resources.container import memory

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

    def take(name: str, m: int, n: int) -> np.ndarray | None:
        places = drawn(n, sample, seed)
        refuse_too_large(name, m, n if places is None else len(places))
        return places

    def prepared(matrix: Matrix) -> Matrix:
        if matrix.said:
            said.append(f"{matrix.name}: {matrix.said}")
        return named(matrix, given, str(names))

    for path in files:
        for one in map(prepared, matrices(path, key, axis, where, take)):
            groups.setdefault(group_of(one.name, pattern), []).append(one)
    other = prepared(only(against, key, axis, take)) if against else None
    data = only(features, key, ROWS, refuse_many_samples) if features else None
    return judge(groups, callback, other, data), said


def only(path: Path, key: str | None, axis: str | None, take: Take) -> Matrix:
    """The one matrix of a file."""
    found = list(matrices(path, key, axis, take=take))
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


def drawn(n: int, sample: int | None, seed: int) -> np.ndarray | None:
    """The places of some of `n` directions, drawn at random, in their order; None for all."""
    if sample is None or sample >= n:
        return None
    return np.sort(np.random.default_rng(seed).choice(n, sample, replace=False))


def refuse_too_large(name: str, m: int, n: int) -> None:
    """RefusedError for `n` directions that take too long, or do not fit in memory."""
    seconds = 2 * n * n * m / SPEED
    wrong = beyond_memory(m, n)
    if seconds > MOST_SECONDS:
        wrong = f"would take about {seconds / 60:,.0f} minutes"
    if wrong:
        raise RefusedError(
            f"{name}: {n:,} directions of {m:,} dimensions {wrong}. Judge some of them with "
            "--sample 10000."
        )


def refuse_many_samples(name: str, k: int, samples: int) -> None:
    """RefusedError for samples of `k` numbers that do not fit in memory."""
    wrong = beyond_memory(k, samples)
    if wrong:
        raise RefusedError(
            f"{name}: {samples:,} samples of {k:,} numbers {wrong}. Give some of them."
        )


def beyond_memory(m: int, n: int) -> str:
    """What is wrong with a matrix `(m, n)` that does not fit in memory, or nothing."""
    needed = COPIES * 4 * n * m
    return f"would need about {needed / 1e9:,.0f} GB of memory" if needed > memory() else ""
