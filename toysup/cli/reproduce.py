"""`toysup reproduce`: train runs again, and say whether they come out again."""

from pathlib import Path
from typing import Annotated

import typer

from toysup.cli.command import print_json
from toysup.errors import CLAIM_DIFFERS, ToysupError


def reproduce(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN", help="Folders of runs, such as runs/smoke.")
    ],
    share: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            help="Train this share of the conditions, above 0 and at most 1, as many of each "
            "objective; by default all.",
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="Chooses the conditions of --share; by default 0."),
    ] = 0,
    fresh_seeds: Annotated[
        bool,
        typer.Option(
            "--fresh-seeds",
            help="Train the sweeps with seeds that the runs never used, and compare verdicts and "
            "claims.",
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Where to train; by default RUN-reproduced or RUN-fresh-seeds."
        ),
    ] = None,
    devices: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="How many cores or GPUs work; by default all."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress on stderr.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Train a run again, and say what comes out otherwise."""
    from toysup.engine.signals import Signals

    if fresh_seeds and share is not None:
        raise ToysupError("--fresh-seeds trains whole sweeps: leave --share out.")
    if out and len(runs) > 1:
        raise ToysupError("--out is the folder of one run: name one run, or leave it out.")
    with Signals(own=True) as signals:
        from toysup.engine.progress import run_progress
        from toysup.reports import reproduction
        from toysup.reproduce.again import reproduce
        from toysup.reproduce.fresh import with_fresh_seeds
        from toysup.reproduce.scratch import Work
        from toysup.storage.store import Store
        from toysup.verdict import jsonable

        for run in runs:  # a run that is not there is told before another one is trained
            Store(run).manifest()
        found = []
        for run in runs:
            with run_progress(quiet) as callback:
                work = Work(devices, callback, signals)
                if fresh_seeds:
                    found.append(with_fresh_seeds(run, work, out))
                else:
                    found.append(reproduce(run, work, 1.0 if share is None else share, seed, out))
    if json:
        print_json([jsonable(one) | {"agrees": one.agrees} for one in found])
    elif fresh_seeds:
        reproduction.show_fresh(found)
    else:
        reproduction.show(found)
    if not all(one.agrees for one in found):
        raise typer.Exit(CLAIM_DIFFERS)
