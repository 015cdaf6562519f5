"""`toysup theory`: the phase diagram of the paper, or the best code of InfoNCE."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from toysup.cli.command import print_json
from toysup.errors import ToysupError


class Objective(StrEnum):
    """The objectives that there is a theory to print of."""

    MSE = "mse"
    INFONCE = "infonce"


def theory(
    objective: Annotated[
        Objective,
        typer.Option(
            metavar="mse|infonce",
            help="mse: when a feature is ignored, superposed or dedicated; infonce: the best code "
            "of samples with one feature.",
        ),
    ] = Objective.MSE,
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
    temperature: Annotated[
        float | None,
        typer.Option(metavar="T", help="The temperature, of infonce; by default 0.5."),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it into a .png or .svg file.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Draw the paper's phase diagram, or print InfoNCE's best code."""
    size = features, features - 1 if dimensions is None else dimensions
    if objective == Objective.INFONCE:
        infonce(*size, 0.5 if temperature is None else temperature, picture, json)
    else:
        mse(*size, temperature, picture, json)


def mse(
    features: int, dimensions: int, temperature: float | None, picture: Path | None, json: bool
) -> None:
    """The phase diagram of the paper: a feature is ignored, superposed or dedicated."""
    from toysup.reports import phases

    if temperature is not None:
        raise ToysupError("--temperature: mse has none. What works: --objective infonce.")
    if picture:
        from toysup.reports import image, phase_panels

        image.write(phase_panels.figure(features, dimensions), picture)
        typer.echo(f"Picture: {picture}", err=True)
    if json:
        print_json(phases.as_json(features, dimensions))
    else:
        phases.show(features, dimensions)


def infonce(
    features: int, dimensions: int, temperature: float, picture: Path | None, json: bool
) -> None:
    """The best code of cosine InfoNCE where every sample has one feature."""
    from toysup.reports import best_code

    if picture:
        raise ToysupError("--picture: the best code of infonce has none. What works: --json.")
    if json:
        print_json(best_code.as_json(features, dimensions, temperature))
    else:
        best_code.show(features, dimensions, temperature)
