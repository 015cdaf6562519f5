"""`toysup list`: what there is to choose from."""

from typing import Annotated

import typer

from toysup.cli.command import print_json


def list_(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="KIND|NAME",
            help="One of objectives, features, views, encoders, metrics, pictures, sweeps, runs, "
            "or a name such as mse; by default the names of all.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """List objectives, views, sweeps and the rest."""
    from toysup.reports import catalogue, lists

    entries = catalogue.entries(what)
    print_json(entries) if json else lists.catalogue(entries, brief=what is None)
