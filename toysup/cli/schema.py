"""`toysup schema`: the columns of results.parquet."""

from typing import Annotated

import typer

from toysup.cli.command import print_json


def schema(
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Describe each column of results.parquet. Its type, unit, meaning and source."""
    from toysup import columns
    from toysup.reports import lists

    described = columns.describe()
    print_json(described) if json else lists.schema(described)
