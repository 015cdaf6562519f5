"""`toysup check`: decide the claims of runs."""

from pathlib import Path
from typing import Annotated

import typer

from toysup.cli.command import one_of, print_json
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
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print it as Markdown, for a job's summary.")
    ] = False,
    junit: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it as JUnit XML: a changed claim is a failure."),
    ] = None,
) -> None:
    """Decide the claims of a run, beside what was predicted."""
    one_of("check", brief=brief, json=json, markdown=markdown)
    from toysup.claims import check
    from toysup.files.deliver import deliver
    from toysup.reports import claims as shown
    from toysup.reports import github
    from toysup.reports import junit as as_junit
    from toysup.reports.brief import brief as in_brief
    from toysup.reports.markdown import claims as in_markdown
    from toysup.storage.store import Store

    checked = [check(Store(run), claims) for run in runs]
    if junit:  # first: what cannot be written is one line, and no table above it
        deliver(junit, as_junit.xml(checked))
    if json:
        print_json(shown.as_json(checked))
    elif markdown:
        typer.echo(in_markdown.check(checked))
    else:
        in_brief(checked) if brief else shown.show(checked)
    if junit:
        typer.echo(f"JUnit: {junit}", err=json or markdown)
    for line in github.annotations(checked):
        typer.echo(line, err=True)
    if any(run.changed for run in checked):
        raise typer.Exit(CLAIM_DIFFERS)
