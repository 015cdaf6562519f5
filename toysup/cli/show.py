"""`toysup show`: one trained model of a run."""

from pathlib import Path
from typing import Annotated

import typer

from toysup.cli.command import print_json
from toysup.errors import BAD_INPUT, ToysupError


def show(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, such as runs/smoke.")],
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE,...",
            help="The condition, such as objective=infonce,temperature=0.1.",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="The model of this seed.")] = None,
    best: Annotated[
        bool,
        typer.Option("--best", help="The model with the lowest loss, as without this option."),
    ] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one page that needs no network.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Show one trained model: its numbers, pairs, W and loss."""
    from toysup.reports.instance import choose, gather, page, terminal
    from toysup.storage.store import Store
    from toysup.verdict import judge
    from toysup.verdict.needed import needed

    if best and seed is not None:
        raise ToysupError("toysup show: --seed and --best choose two models. Leave one out.")
    store = Store(run)
    choices = choose.choose(judge(store.frame(needed)).verdicts, where or [], str(run))
    if len(choices) > 1:
        listed = {"run": str(run), "conditions": [choice.to_json() for choice in choices]}
        print_json(listed) if json else terminal.show_choices(choices, str(run))
        raise typer.Exit(BAD_INPUT)  # nothing was shown, and no page written
    rows = store.frame(condition=choices[0].verdict.condition)
    found = gather(store, rows, choices[0], seed)
    if html:
        page.write(found, html)
    print_json(found.to_json()) if json else terminal.show(found)
    if html:
        typer.echo(f"Page: {html}", err=json)
