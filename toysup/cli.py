"""The command line: parse, call, print, exit code. Nothing is decided here.

Every import of a heavy package waits until its command runs, so that --help is instant.
"""

import json as jsonlib
from pathlib import Path
from typing import Annotated

import typer

from toysup import __version__
from toysup.errors import CLAIM_DIFFERS, UNHEALTHY

app = typer.Typer(
    name="toysup",
    help="What does a training objective do to the geometry of features? "
    "Train toy models of superposition under different losses, and judge the directions of their "
    "features. Start with: toysup sweep smoke",
    epilog="Exit codes: 0 done; 1 a bug; 2 the input was wrong; 3 finished, with diverged models; "
    "4 a claim differs from its earlier outcome; 5 refused as too large; 6 a damaged file; "
    "75 busy; 129, 130 or 143 stopped after saving, and the same command goes on.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def print_json(value) -> None:
    typer.echo(jsonlib.dumps(value, indent=1, allow_nan=False))


def show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"toysup {__version__}")
        raise typer.Exit


@app.callback()
def root(
    plugin: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="Use the plug-in in this file too. Goes before the command."
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    if plugin:
        from toysup.spec import plugins

        plugins.use_in_every_sweep(plugin)


@app.command()
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
        # Rich takes a word in brackets for markup, and drops it, unless it is escaped.
        typer.Option(
            "--small",
            help="Train its small version, as its table \\[small] says, in about a minute.",
            show_default=False,
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where the run goes.", show_default="runs/NAME"),
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option("--fresh", help="Start over in a new folder, NAME-2.", show_default=False),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Train nothing: show the plan, and what time and memory it would take.",
            show_default=False,
        ),
    ] = False,
    devices: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="How many cores or cards work.", show_default="all"),
    ] = None,
    lanes: Annotated[
        int | None,
        typer.Option(
            min=2,
            max=64,
            metavar="N",
            help="How many models train side by side on a core.",
            show_default="what its cache holds",
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Show no progress on stderr.", show_default=False)
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.", show_default=False)] = False,
) -> None:
    """Train a sweep and write its results to parquet. The same command resumes it."""
    from toysup.engine.signals import Signals

    with Signals(own=True) as signals:
        from toysup.engine.orchestrate import Request, forecast_sweep, run_sweep
        from toysup.engine.progress import forecast_progress, run_progress
        from toysup.report import lists

        request = Request(file, changes or [], small, devices, lanes)
        if dry_run:
            with forecast_progress(quiet) as callback:
                outline = forecast_sweep(request, callback)
            print_json(outline) if json else lists.outline(outline)
            return
        with run_progress(quiet) as callback:
            store = run_sweep(request, out, fresh, callback, signals)
    outcome = store.outcome()
    print_json(outcome) if json else lists.outcome(outcome)
    if outcome["outcomes"].get("diverged"):
        raise typer.Exit(UNHEALTHY)


@app.command()
def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, such as runs/smoke.")],
    json: Annotated[
        bool, typer.Option("--json", help="Print everything as JSON.", show_default=False)
    ] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one page that needs no network.")
    ] = None,
    pictures: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write its pictures as PNG files.")
    ] = None,
) -> None:
    """Print what a run found: under which objectives features minimise interference, and when."""
    from toysup.report import findings, terminal
    from toysup.storage.store import Store

    found = findings.gather(Store(run))
    print_json(found.to_json()) if json else terminal.show(found)
    if html:
        from toysup.report import page

        page.write(found, html)
        typer.echo(f"Page: {html}", err=json)
    if pictures:
        from toysup.report import pictures as drawn

        for path in drawn.write(found, pictures):
            typer.echo(f"Picture: {path}", err=json)


@app.command()
def check(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN", help="Folders of runs, such as runs/smoke.")
    ],
    claims: Annotated[
        str | None,
        typer.Option(
            metavar="SWEEP", help="Decide the claims of this sweep, not those that the run kept."
        ),
    ] = None,
    brief: Annotated[
        bool,
        typer.Option(
            "--brief",
            help="One line for each claim: measured, tolerance, pass, predicted, earlier outcome.",
            show_default=False,
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.", show_default=False)] = False,
) -> None:
    """Decide each claim of a run, and show it beside its prediction and its earlier outcome."""
    from toysup.claims import check
    from toysup.report import claims as shown
    from toysup.report.brief import brief as in_brief
    from toysup.storage.store import Store

    checked = [check(Store(run), claims) for run in runs]
    if json:
        print_json(shown.as_json(checked))
    else:
        in_brief(checked) if brief else shown.show(checked)
    if any(run.changed for run in checked):
        raise typer.Exit(CLAIM_DIFFERS)


@app.command()
def theory(
    features: Annotated[
        int,
        typer.Option(
            min=1, metavar="N", help="How many features there are; the last one is varied."
        ),
    ] = 2,
    dimensions: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="M", help="How many dimensions the code has.", show_default="N - 1"
        ),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it into a .png or .svg file.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.", show_default=False)] = False,
) -> None:
    """Draw the paper's phase diagram: when a feature is ignored, superposed or dedicated."""
    from toysup.report import phases

    size = features, features - 1 if dimensions is None else dimensions
    if picture:
        from toysup.report import image, phase_panels

        image.write(phase_panels.figure(*size), picture)
        typer.echo(f"Picture: {picture}", err=True)
    print_json(phases.as_json(*size)) if json else phases.show(*size)


@app.command("list")
def list_(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="KIND",
            help="One of objectives, features, views, encoders, metrics, pictures, sweeps, runs.",
            show_default="all",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.", show_default=False)] = False,
) -> None:
    """List objectives, views, sweeps and the rest, with the settings that each one takes."""
    from toysup.report import catalogue, lists

    entries = catalogue.entries(what)
    print_json(entries) if json else lists.catalogue(entries)


@app.command()
def new(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="One of objective, features, view, encoder, metric, picture."
        ),
    ],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Its name in sweep files, such as cosine.")
    ],
    folder: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where to write the two files.")
    ] = Path(),
) -> None:
    """Write a plug-in of your own and its test. They work as they stand. Change them."""
    from toysup.new import write

    written = write(kind, name, folder)
    for path in written:
        typer.echo(f"Written: {path}")
    typer.echo(f'Use it:  plugins = ["{name}.py"] in a sweep file beside it')
    typer.echo(f"Test it: pytest {written[1]}")


@app.command()
def schema(
    json: Annotated[bool, typer.Option("--json", help="Print JSON.", show_default=False)] = False,
) -> None:
    """Describe each column of results.parquet: its type, unit, meaning and source."""
    from toysup import columns
    from toysup.report import lists

    described = columns.describe()
    print_json(described) if json else lists.schema(described)
