"""`toysup new`: write a plug-in and its test."""

from pathlib import Path
from typing import Annotated

import typer


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
