"""toysup: what a training objective does to the geometry of features.

In a notebook, `toysup.sweep("question", seeds=2)` trains a sweep (or goes on with it) and returns
its results as a pandas table; `toysup.load("runs/question")` reads a run.
"""

__version__ = "0.1.0"


def sweep(source, out=None, devices=None, lanes=None, small=False, extend=False, **changes):
    """Train a sweep and return its results: a pandas DataFrame, one row an instance.

    `source` is a sweep file, the name of a packaged sweep or a mapping shaped like one, `out` the
    run's folder (by default runs/NAME), and `changes` are settings by bare name:
    `toysup.sweep("question", steps=100)`. `devices` cores or cards work, on `lanes` models side by
    side each; by default as the machine has them. `small` is the sweep's small version. `extend`
    lets the run that is there grow into the sweep: only what is missing is trained.
    Raises `toysup.errors.ToysupError` with the line that the command line would print.
    """
    import json
    from pathlib import Path

    from toysup.engine.orchestrate import Request, run_sweep

    overrides = [f"{key}={json.dumps(value)}" for key, value in changes.items()]
    request = Request(source, overrides, small, devices, lanes)
    return load(run_sweep(request, Path(out) if out else None, extend=extend).folder)


def load(run):
    """The results of a finished run as a pandas DataFrame.

    `attrs["settings"]` names the columns that make up a condition.
    """
    from pathlib import Path

    from toysup.storage.store import Store

    return Store(Path(run)).frame()


def judge(run):
    """The verdicts on a finished run as a pandas DataFrame: one row a condition.

    Columns: the settings, whose `directions` it is about, `verdict`, `reason`, whether it `counts`
    (something is at stake), and the medians over seeds of n_represented, T, P and the minimisation
    index. `toysup report RUN --json` has all of the evidence.
    """
    from pathlib import Path

    import pandas as pd

    from toysup import verdict
    from toysup.columns.fixed import KEY
    from toysup.spec.cases import CASE_KEYS
    from toysup.storage.store import Store

    metrics = ("squared_interference", "positive_interference", "minimisation_index")
    return pd.DataFrame(
        {name: getattr(v, name) for name in (*CASE_KEYS, *KEY)}
        | {**v.settings, "verdict": str(v.label), "counts": v.counts}
        | {"n_represented": v.n_represented, **{name: getattr(v, name).value for name in metrics}}
        | {"reason": v.reason}
        for v in verdict.judge(Store(Path(run)).frame()).verdicts
    )


def judge_directions(W, axis=None, names=None, against=None, features=None, search_seconds=60.0):
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
    from toysup.matrices.read import ROWS, Matrix, named, oriented

    def matrix(name, given, axis) -> Matrix:
        array = given.detach().cpu() if hasattr(given, "detach") else given
        return oriented(name, np.asarray(array), axis)

    several = list(W) if isinstance(W, list | tuple) else [W]
    group = [named(matrix(f"W {i}", one, axis), names) for i, one in enumerate(several)]
    other = None if against is None else named(matrix("against", against, axis), names)
    data = None if features is None else matrix("features", features, ROWS)
    [found] = judging.judge({"W": group}, against=other, data=data, search_seconds=search_seconds)
    return found
