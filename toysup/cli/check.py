"""`toysup check`: decide the claims of runs."""

from pathlib import Path
from typing import Annotated

import typer

from toysup.cli.command import print_json
from toysup.errors import CLAIM_DIFFERS


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
