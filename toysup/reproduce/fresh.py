"""The sweep of a run with seeds that it never used: do its verdicts and claims come out again?"""

import shlex
from dataclasses import replace
from pathlib import Path

from toysup.engine import growing, local
from toysup.reproduce.beside import FreshSeeds, folder_of, held_beside
from toysup.reproduce.scratch import Work, ready
from toysup.storage.outcomes import outcome_columns
from toysup.storage.store import Store


def with_fresh_seeds(run: Path, work: Work, out: Path | None = None) -> FreshSeeds:
    """Train the sweep of a run with as many seeds as it had, from the first number above them on,
    in the folder `out` or in NAME-fresh-seeds. It is a run like any other, and stays."""
    store = Store(run)
    store.results(outcome_columns)  # it is finished, and whole
    folder = out or folder_of(run)
    with ready(store, work) as (sweep, devices, signals):
        first = max(sweep.seeds) + 1
        seeds = tuple(range(first, first + len(sweep.seeds)))
        group = growing.plans(store.manifest())[-1].group
        words = ["toysup", "reproduce", str(run), "--fresh-seeds", "--out", str(folder)]
        command = shlex.join([*words, *work.words])
        asked = work.callback, devices, group, signals
        again = local.run(replace(sweep, seeds=seeds), folder, command, *asked)
    return held_beside(store, again)
