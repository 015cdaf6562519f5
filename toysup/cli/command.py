"""What every command shares: the form of its help, and JSON on stdout."""

import json as jsonlib
from typing import Any

import typer
from typer.core import TyperCommand

from toysup.errors import ToysupError


class Command(TyperCommand):
    """A command whose help says what its parameters are, without typer's types and brackets."""

    def collect_usage_pieces(self, ctx) -> list[str]:
        arguments = [p for p in self.params if p.param_type_name == "argument"]
        return ["[OPTIONS]", *map(self.usage, arguments)]

    def format_options(self, ctx, formatter) -> None:
        every: list[Any] = self.get_params(ctx)  # --help, too
        arguments = [(p.metavar, p.help) for p in every if p.param_type_name == "argument"]
        options = [(self.name_of(p), p.help) for p in every if p.param_type_name == "option"]
        for title, rows in (("Arguments", arguments), ("Options", options)):
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    @staticmethod
    def usage(argument) -> str:
        name = argument.metavar if argument.required else f"[{argument.metavar}]"
        return name if argument.nargs == 1 else f"{name}..."

    @staticmethod
    def name_of(option) -> str:
        """ "-h, --help", or "--out FOLDER"."""
        names = ", ".join(sorted(option.opts, key=len))
        return names if option.is_flag else f"{names} {option.metavar}"


def print_json(value) -> None:
    typer.echo(jsonlib.dumps(value, indent=1, allow_nan=False))


def one_of(command: str, **chosen: bool) -> None:
    """ToysupError where more than one of the forms of what is printed is chosen."""
    forms = [f"--{name}" for name, wanted in chosen.items() if wanted]
    if len(forms) > 1:
        words = " and ".join(forms)
        raise ToysupError(f"toysup {command}: {words} are forms of the same output. Choose one.")
