"""`toysup site`: runs as a static site."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from toysup.cli.command import print_json


def site(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN", help="Folders of runs, such as runs/smoke.")
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER", help="Where it is written, in place of the site that was there."
        ),
    ],
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress on stderr.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Write runs as a site: their claims, pages and pictures."""
    from toysup.reports.site import INDEX, write
    from toysup.reports.words import counted

    made = write(
        runs, out, (lambda _: None) if quiet else lambda words: print(words, file=sys.stderr)
    )
    if json:
        print_json(made.to_json(out))
    else:
        runs_, files = counted(len(made.entries), "run"), counted(len(made.files), "file")
        typer.echo(f"Site: {out / INDEX} ({runs_}, {files})")
