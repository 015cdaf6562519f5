"""The command line: parse, call, print, exit code. One file a command; nothing is decided here.

Every import of a heavy package waits until its command runs, so that --help is instant.
"""

from pathlib import Path
from typing import Annotated

import typer

from toysup import __version__
from toysup.cli import (
    check,
    compare,
    completion,
    judge,
    list_,
    new,
    report,
    reproduce,
    schema,
    show,
    site,
    sweep,
    theory,
)
from toysup.cli.command import Command

completion.mend()
app = typer.Typer(
    name="toysup",
    help="What does a training objective do to the geometry of features? "
    "Train toy models of superposition under different losses, and judge the directions of their "
    "features. Start with: toysup sweep smoke",
    epilog="Exit codes: 0 done; 1 a bug; 2 the input was wrong; 3 finished, with diverged "
    "instances; 4 a claim, a comparison or a reproduction did not come out as expected; 5 refused "
    "as too large; 6 a damaged file; 75 busy; 129, 130 or 143 stopped after saving, and the same "
    "command goes on.\n\n"
    "Documents: https://github.com/toysup/toysup/tree/main/docs",
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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


COMMANDS = {  # in the order in which the help shows them
    "sweep": sweep.sweep,
    "report": report.report,
    "show": show.show,
    "check": check.check,
    "compare": compare.compare,
    "judge": judge.judge,
    "reproduce": reproduce.reproduce,
    "site": site.site,
    "theory": theory.theory,
    "list": list_.list_,
    "new": new.new,
    "schema": schema.schema,
}
for name, command in COMMANDS.items():
    app.command(name, cls=Command)(command)
