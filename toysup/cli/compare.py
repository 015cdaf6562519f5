"""`toysup compare`: hold finished runs beside the first of them."""

from pathlib import Path
from typing import Annotated

import typer

from toysup.cli.command import print_json
from toysup.errors import CLAIM_DIFFERS, ToysupError


def compare(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN", help="Folders of two runs or more: each beside the first."),
    ],
    tolerance: Annotated[
        float | None,
        typer.Option(metavar="X", help="End with 4 where T, P or the index differs by more, too."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one page that needs no network.")
    ] = None,
) -> None:
    """Compare runs: settings, verdicts, numbers with intervals."""
    from toysup.compare import Run, compare
    from toysup.reports.comparison import page, terminal
    from toysup.storage.store import Store

    if len(runs) < 2:
        raise ToysupError(f"toysup compare {runs[0]}: name a run to compare it with, too.")
    if tolerance is not None and not tolerance >= 0:
        raise ToysupError(f"--tolerance: must be at least 0, found {tolerance:g}.")
    first, *others = (Run(Store(run)) for run in runs)
    found = [compare(first, other, tolerance) for other in others]
    if html:
        page.write(found, html)
    print_json([one.to_json() for one in found]) if json else terminal.show(found)
    if html:
        typer.echo(f"Page: {html}", err=json)
    if not all(one.agrees for one in found):
        raise typer.Exit(CLAIM_DIFFERS)
