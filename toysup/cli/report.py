"""`toysup report`: print what a run found."""

from pathlib import Path
from typing import Annotated

import typer

from toysup.cli.command import one_of, print_json


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, such as runs/smoke.")],
    json: Annotated[
        bool, typer.Option("--json", help="Print everything as JSON on stdout.")
    ] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print it as Markdown, for a job's summary.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one page that needs no network.")
    ] = None,
    pictures: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write its pictures as PNG files.")
    ] = None,
    thresholds: Annotated[
        bool, typer.Option("--thresholds", help="List the thresholds, and what each one moves.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print nothing, and write what is asked for.")
    ] = False,
) -> None:
    """Print what a run found: where features minimise interference."""
    one_of("report", json=json, markdown=markdown, quiet=quiet)
    from toysup.files import deliver
    from toysup.reports import findings, terminal
    from toysup.reports.markdown import report as in_markdown
    from toysup.storage.parquet import all_columns
    from toysup.storage.store import Store
    from toysup.verdict.needed import needed

    if html:
        deliver.refuse_unwritable(html)
    columns = all_columns if html or pictures else needed
    found, written = findings.gather(Store(run), columns), []
    if html:
        from toysup.reports import page

        page.write(found, html)
        written.append(f"Page: {html}")
    if pictures:
        from toysup.reports import pictures as drawn

        written += [f"Picture: {path}" for path in drawn.write(found, pictures)]
    if json:
        print_json(found.to_json())
    elif markdown:
        typer.echo(in_markdown.report(found))
    elif not quiet:
        terminal.show(found, thresholds=thresholds)
    for words in [] if quiet else written:
        typer.echo(words, err=json or markdown)
