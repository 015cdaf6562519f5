"""`toysup theory`: the phase diagram of the paper."""

from pathlib import Path
from typing import Annotated

import typer

from toysup.cli.command import print_json


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
