"""The command line: parse, call, print, exit code. Nothing is decided here.

Every import of a heavy package waits until its command runs, so that --help is instant.
"""

import json as jsonlib
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from toysup import __version__
from toysup.errors import CLAIM_DIFFERS, UNHEALTHY

app = typer.Typer(
    name="toysup",
    help="What does a training objective do to the geometry of features? "
    "Train toy models of superposition under different losses, and judge the directions of their "
    "features. Start with: toysup sweep smoke",
    epilog="Exit codes: 0 done; 1 a bug; 2 the input was wrong; 3 finished, with diverged "
    "instances; 4 a claim differs from its earlier outcome; 5 refused as too large; 6 a damaged "
    "file; 75 busy; 129, 130 or 143 stopped after saving, and the same command goes on.\n\n"
    "Documents: https://github.com/toysup/toysup/tree/main/docs",
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Command(TyperCommand):
    """A command whose help says what its parameters are, without typer's types and brackets."""

    def collect_usage_pieces(self, ctx) -> list[str]:
        arguments = [p for p in self.params if p.param_type_name == "argument"]
        return ["[OPTIONS]", *map(self.usage, arguments)]

    def format_options(self, ctx, formatter) -> None:
        every: list[Any] = self.get_params(ctx)  # --help, too
        arguments = [(p.metavar, p.help) for p in every if p.param_type_name == "argument"]
        options = [(self.name_of(p), p.help) for p in every if p.param_type_name == "option"]
        for title, rows in (("Arguments", arguments), ("Options", options)):
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    @staticmethod
    def usage(argument) -> str:
        name = argument.metavar if argument.required else f"[{argument.metavar}]"
        return name if argument.nargs == 1 else f"{name}..."

    @staticmethod
    def name_of(option) -> str:
        """ "-h, --help", or "--out FOLDER"."""
        names = ", ".join(sorted(option.opts, key=len))
        return names if option.is_flag else f"{names} {option.metavar}"


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


@app.command(cls=Command)
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
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Show the plan, and time two seconds of each program; nothing is kept.",
        ),
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
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress on stderr.")] = False,
    json: Annotated[
        bool,
        typer.Option("--json", help="Print the outcome (or, with --dry-run, the plan) as JSON."),
    ] = False,
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


@app.command(cls=Command)
def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, such as runs/smoke.")],
    json: Annotated[
        bool, typer.Option("--json", help="Print everything as JSON on stdout.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one page that needs no network.")
    ] = None,
    pictures: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write its pictures as PNG files.")
    ] = None,
) -> None:
    """Print what a run found: where features minimise interference."""
    from toysup.report import findings, terminal
    from toysup.storage.store import Store

    found, written = findings.gather(Store(run)), []
    if html:  # first: what cannot be written is one line, and no report above it
        from toysup.report import page

        page.write(found, html)
        written.append(f"Page: {html}")
    if pictures:
        from toysup.report import pictures as drawn

        written += [f"Picture: {path}" for path in drawn.write(found, pictures)]
    print_json(found.to_json()) if json else terminal.show(found)
    for words in written:
        typer.echo(words, err=json)


@app.command(cls=Command)
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
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Decide the claims of a run, beside what was predicted."""
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


@app.command(cls=Command)
def theory(
    features: Annotated[
        int,
        typer.Option(
            min=1,
            metavar="N",
            help="How many features there are, by default 2; the last one is varied.",
        ),
    ] = 2,
    dimensions: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="M", help="How many dimensions the code has; by default N - 1."
        ),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it into a .png or .svg file.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Draw the phase diagram of the paper. A feature is ignored, superposed or dedicated."""
    from toysup.report import phases

    size = features, features - 1 if dimensions is None else dimensions
    if picture:
        from toysup.report import image, phase_panels

        image.write(phase_panels.figure(*size), picture)
        typer.echo(f"Picture: {picture}", err=True)
    print_json(phases.as_json(*size)) if json else phases.show(*size)


@app.command("list", cls=Command)
def list_(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="KIND",
            help="One of objectives, features, views, encoders, metrics, pictures, sweeps, runs; "
            "by default all.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """List objectives, views, sweeps and the rest, with their settings."""
    from toysup.report import catalogue, lists

    entries = catalogue.entries(what)
    print_json(entries) if json else lists.catalogue(entries)


@app.command(cls=Command)
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
        Path, typer.Option(metavar="FOLDER", help="Where to write the two files; by default here.")
    ] = Path(),
) -> None:
    """Write a plug-in of your own and its test. Both work as written; edit them."""
    from toysup.new import write

    written = write(kind, name, folder)
    for path in written:
        typer.echo(f"Written: {path}")
    typer.echo(f'Use it:  plugins = ["{name}.py"] in a sweep file beside it')
    typer.echo(f"Test it: python -m pytest {written[1]} (pip install pytest)")


@app.command(cls=Command)
def schema(
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Describe each column of results.parquet. Its type, unit, meaning and source."""
    from toysup import columns
    from toysup.report import lists

    described = columns.describe()
    print_json(described) if json else lists.schema(described)
