"""`toysup list`: what there is to choose from."""

from typing import Annotated

import typer

from toysup.cli.command import one_of, print_json
from toysup.errors import ToysupError


def list_(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="KIND|NAME",
            help="One of objectives, features, views, encoders, metrics, pictures, sweeps, runs, "
            "or a name such as mse; by default the names of all. sweepfile has every key of a "
            "sweep file.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    schema: Annotated[
        bool,
        typer.Option(
            "--schema", help="Of sweepfile: print the JSON schema with which an editor checks one."
        ),
    ] = False,
) -> None:
    """List objectives, views, sweeps and the rest."""
    from toysup.reports import catalogue, lists

    one_of("list", json=json, schema=schema)
    if schema and what != catalogue.SWEEPFILE:
        raise ToysupError(
            "toysup list: --schema is of a sweep file: toysup list sweepfile --schema."
        )
    if what == catalogue.SWEEPFILE:
        from toysup.spec import contents

        if schema:
            print_json(contents.schema())
            return
        tables = [table.to_dict() for table in contents.tables()]
        print_json({what: tables}) if json else lists.sweepfile(tables)
        return
    entries = catalogue.entries(what)
    print_json(entries) if json else lists.catalogue(entries, brief=what is None)
