"""`toysup judge`: matrices of directions that toysup did not train."""

from pathlib import Path
from typing import Annotated

import typer

from toysup.cli.command import one_of, print_json


def judge(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE", help="Matrices: .npy, .npz, .safetensors, .parquet or .csv files."
        ),
    ],
    key: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The array or the list column of a file with several."),
    ] = None,
    axis: Annotated[
        str | None,
        typer.Option(
            metavar="AXIS",
            help="Whether rows or columns are directions; by default the longer side, if it is "
            "twice as long.",
        ),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            metavar="REGEX",
            help="Matrices whose names have the same match are the seeds of one condition.",
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE,...", help="Rows of a run's results.parquet."),
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The names of the directions, a line each."),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Say whether the same pairs are close in this matrix of the same features.",
        ),
    ] = None,
    features: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Say what the second moments of these samples force: samples of the features, or "
            "activations, a row each.",
        ),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(min=2, metavar="N", help="Judge N directions drawn at random from each."),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Chooses those of --sample; by default 0.")
    ] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress on stderr.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print it as Markdown.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one page that needs no network.")
    ] = None,
) -> None:
    """Judge directions that toysup did not train."""
    one_of("judge", json=json, markdown=markdown)
    from toysup.matrices.groups import judge_files
    from toysup.reports.directions import page, terminal
    from toysup.reports.markdown.directions import directions as in_markdown
    from toysup.reports.progress import share_bar
    from toysup.verdict import jsonable

    with share_bar(quiet) as callback:
        found, said = judge_files(
            files,
            key,
            axis,
            group,
            where or [],
            names,
            sample,
            seed,
            callback,
            against=against,
            features=features,
        )
    if html:  # first: what cannot be written is one line, and no report above it
        page.write(found, said, html)
    if json:
        print_json([jsonable(one) for one in found])
    elif markdown:
        typer.echo(in_markdown(found, said))
    else:
        terminal.show(found, said)
    if html:
        typer.echo(f"Page: {html}", err=json or markdown)
