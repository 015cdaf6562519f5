"""`toysup sweep`: train a sweep, or show its plan."""

from pathlib import Path
from typing import Annotated

import typer

from toysup.cli.command import print_json
from toysup.errors import UNHEALTHY, UnfinishedError


def sweep(
    file: Annotated[
        str,
        typer.Argument(
            metavar="SWEEP", help="A sweep file, or a name that `toysup list sweeps` shows."
        ),
    ],
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Change a setting for this run, such as seeds=3."
        ),
    ] = None,
    small: Annotated[
        bool,
        typer.Option(
            "--small",
            help="Train its small version, as its table [small] says, in about a minute.",
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where the run goes; by default runs/NAME."),
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option("--fresh", help="Start over in a new folder, NAME-2."),
    ] = False,
    extend: Annotated[
        bool,
        typer.Option(
            "--extend",
            help="Let the run that is there grow: more seeds, values, objectives, views or claims. "
            "Only what is missing is trained.",
        ),
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="I/N",
            help="Train the I-th of N shares of the run: for N processes, on one machine or many, "
            "with one folder. None waits for another, and the last one publishes the results.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Show the plan, and time two seconds of each program; nothing is kept.",
        ),
    ] = False,
    plan: Annotated[
        bool,
        typer.Option("--plan", help="Show what would be trained, without training anything."),
    ] = False,
    devices: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="How many cores or GPUs work, 1 or more; by default all."
        ),
    ] = None,
    lanes: Annotated[
        int | None,
        typer.Option(
            min=2,
            max=64,
            metavar="N",
            help="How many instances train side by side on a core, 2 to 64; by default what its "
            "cache holds.",
        ),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Train on a cluster of dask.distributed: the address of its scheduler, or local:4 "
            "for four processes here. Needs toysup[dask].",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress on stderr.")] = False,
    json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print the outcome (or, with --dry-run or --plan, the plan) as JSON."
        ),
    ] = False,
) -> None:
    """Train a sweep and write its results to parquet. The same command resumes it."""
    from toysup.engine.signals import Signals

    with Signals(own=True) as signals:
        from toysup.engine.orchestrate import Request, forecast_sweep, run_sweep
        from toysup.engine.progress import forecast_progress, run_progress
        from toysup.reports import lists
        from toysup.storage.shard import WHOLE, parse

        part = parse(shard) if shard else WHOLE
        request = Request(file, changes or [], small, devices, lanes, dask)
        for note in request.sweep.notes:
            typer.echo(note, err=True)
        if dry_run or plan:
            with forecast_progress(quiet or plan) as callback:
                outline = forecast_sweep(request, callback, out, extend, part, timed=not plan)
            print_json(outline) if json else lists.outline(outline)
            return
        with run_progress(quiet) as callback:
            store = run_sweep(request, out, fresh, callback, signals, extend, part)
    try:
        outcome = store.outcome()
    except UnfinishedError:
        if part == WHOLE:
            raise
        found = {**store.progress(), "shard": str(part)}
        print_json(found) if json else lists.share(found)
        return
    print_json(outcome) if json else lists.outcome(outcome)
    if outcome["outcomes"].get("diverged"):
        raise typer.Exit(UNHEALTHY)
