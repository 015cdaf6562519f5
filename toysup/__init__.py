"""toysup: what a training objective does to the geometry of features.

In a notebook, `toysup.sweep("question", seeds=2)` trains a sweep (or goes on with it) and returns
its results as a pandas table; `toysup.load("runs/question")` reads a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import PathLike
    from pathlib import Path

    from toysup.engine.session import Update
    from toysup.matrices.judge import Judged
    from toysup.notebook.report import Report
    from toysup.notebook.table import Table

__version__ = "0.1.0"


def sweep(
    source: str | Path | Mapping[str, Any],
    out: str | PathLike[str] | None = None,
    devices: int | None = None,
    lanes: int | None = None,
    small: bool = False,
    extend: bool = False,
    progress: bool | Callable[[Update], None] | None = None,
    dask: str | None = None,
    **changes: Any,
) -> Table:
    """Train a sweep and return its results: a pandas DataFrame, one row an instance.

    `source` is a sweep file, the name of a packaged sweep or a mapping shaped like one, `out` the
    run's folder (by default runs/NAME), and `changes` are settings by bare name:
    `toysup.sweep("question", steps=100)`. `devices` cores or cards work, on `lanes` models side by
    side each; by default as the machine has them. `small` is the sweep's small version. `extend`
    lets the run that is there grow into the sweep: only what is missing is trained.

    `progress` is shown where somebody watches, a terminal or a notebook; False shows none, True
    prints lines elsewhere too, and a callback gets each `toysup.engine.session.Update`. `dask` is
    the address of a cluster that trains, or "local:4".

    Raises `toysup.errors.ToysupError` with the line that the command line would print.
    """
    import json
    import warnings
    from pathlib import Path

    from toysup.engine.orchestrate import Request, run_sweep
    from toysup.notebook.progress import progress_of

    overrides = [f"{key}={json.dumps(value)}" for key, value in changes.items()]
    request = Request(source, overrides, small, devices, lanes, dask)
    for note in request.sweep.notes:
        warnings.warn(note, stacklevel=2)
    with progress_of(progress) as callback:
        run = run_sweep(request, Path(out) if out else None, callback=callback, extend=extend)
    return load(run.folder)


def load(run: str | PathLike[str], columns: Sequence[str] | None = None) -> Table:
    """The results of a finished run as a pandas DataFrame, one row an instance.

    `columns` are the names of those to read, beside those that say which instance a row is of; by
    default all, matrices and curves among them. `attrs["settings"]` names the columns that make up
    a condition, objective and views among them: grouped by all of them, rows are by condition. A
    setting that an objective does not have is missing there, and `groupby` keeps such rows.
    """
    from pathlib import Path

    from toysup.notebook.table import read

    return read(Path(run), None if columns is None else list(columns))


def judge(run: str | PathLike[str]) -> Table:
    """The verdicts on a finished run as a pandas DataFrame: one row a condition.

    Columns: the settings, whose `directions` it is about, `verdict`, `reason`, whether it `counts`
    (something is at stake); the medians over seeds of T (`squared_interference`), P
    (`positive_interference`), the minimisation index and others with the ends of their 95%
    intervals (`_low`, `_high`), what random directions have (`random_`), and the corrected
    p-values (`p_`). `toysup report RUN --json` has all of the evidence.
    """
    from pathlib import Path

    from toysup import verdict
    from toysup.notebook.verdicts import verdict_table
    from toysup.storage.store import Store
    from toysup.verdict.needed import needed

    rows = Store(Path(run)).frame(needed)
    return verdict_table(verdict.judge(rows), rows.attrs["settings"])


def report(run: str | PathLike[str]) -> Report:
    """The report on a finished run: a notebook shows it, and `print` prints it.

    `.verdicts` is the table of `judge`, `.to_json()` all of the evidence, and `.write("page.html")`
    writes the page.
    """
    from pathlib import Path

    from toysup.notebook.report import Report

    return Report(Path(run))


def judge_directions(
    W: Any,
    axis: str | None = None,
    names: Sequence[str] | None = None,
    against: Any = None,
    features: Any = None,
    search_seconds: float = 60.0,
) -> Judged:
    """The evidence and the verdict on directions from anywhere: a `toysup.matrices.judge.Judged`.

    `W` is a matrix, or several of the same features as a list: the seeds of one condition. numpy's,
    jax's and torch's arrays are taken. `axis` says whether "rows" or "columns" are directions; by
    default the longer side, if it is twice as long. `names` are those of the directions. `against`
    is another matrix of the same features: are the same pairs close in both? `features` are samples
    of the features, or activations in the space of the directions, a row each: what do their second
    moments force? Sizes above 64 directions or 10 dimensions may have an optimum that no table has:
    the search for it, of a minute or two, begins within `search_seconds`, so that 0 leaves it out,
    as a training loop wants.
    """
    import numpy as np

    from toysup.matrices import judge as judging
    from toysup.matrices.matrix import ROWS, Matrix, named, oriented

    def matrix(name, given, axis) -> Matrix:
        array = given
        if hasattr(given, "detach"):  # torch's, of which numpy has no bfloat16
            array = given.detach().cpu()
            array = array.float() if "bfloat16" in str(array.dtype) else array
        return oriented(name, np.asarray(array), axis)

    several = list(W) if isinstance(W, list | tuple) else [W]
    group = [named(matrix(f"W {i}", one, axis), names) for i, one in enumerate(several)]
    other = None if against is None else named(matrix("against", against, axis), names)
    data = None if features is None else matrix("features", features, ROWS)
    [found] = judging.judge({"W": group}, against=other, data=data, search_seconds=search_seconds)
    return found
