"""The faults of an input, collected so that all are shown together."""

import difflib
import json
from collections.abc import Iterable
from typing import Any

from toysup.errors import SpecError
from toysup.files.shown import line, quoted

SHOWN_CHARACTERS = 40
# Of one message: who has twenty faults to mend reads no more, and a log takes no more.
MOST_LINES = 20
LONGEST_LINE = 1000  # characters
LONGEST_PATH = 200
MOST_CHARACTERS = 3500


class Faults:
    """Fault lines of one file: where, what was found, what would work.

    `origins` maps the dotted path of a value to the words that name its origin, such as `--set`.
    Other values are from the file.
    """

    def __init__(self, where: str):
        self.where = where
        self.lines: list[str] = []
        self.origins: dict[str, str] = {}
        self.failed: set[str] = set()  # names of plug-ins whose file already has its fault

    def add(self, path: str, text: str) -> None:
        """Add a fault; `text` continues the path: "must be ...", "is not ..."."""
        self.add_line(self.origin(path), f"{place(path)} {text}")

    def add_line(self, where: str, text: str) -> None:
        """Add a fault without a path in the sweep. Line breaks in keys are escaped."""
        self.lines.append(quoted(f"{where}: {text}", LONGEST_LINE))

    def origin(self, path: str) -> str:
        """Where the value at `path` came from. A part of a value has the origin of the whole."""
        while path:
            if path in self.origins:
                return self.origins[path]
            path = path.rpartition(".")[0]
        return self.where

    def raise_any(self) -> None:
        """Raise a SpecError with the lines, if there are any: the first of many, each once."""
        lines = list(dict.fromkeys(self.lines))
        told: list[str] = []
        for text in lines[:MOST_LINES]:
            if told and sum(map(len, told)) + len(text) > MOST_CHARACTERS:
                break
            told.append(text)
        if len(told) < len(lines):
            told.append(f"{self.where}: and {len(lines) - len(told):,} more.")
        if told:
            raise SpecError(told)


def place(path: str) -> str:
    """A dotted path in a message, each of its keys short enough to quote."""
    return quoted(".".join(map(quoted, path.split("."))), LONGEST_PATH)


def quote(value: Any) -> str:
    """A value as its writer would recognise it, short enough for one line."""
    if isinstance(value, bool | str):
        short = value[:SHOWN_CHARACTERS] if isinstance(value, str) else value
        text = line(json.dumps(short, ensure_ascii=False))
        return quoted(text if short == value else text[:SHOWN_CHARACTERS] + '..."')
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number of more than 19 digits"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "a table"
    return "nothing" if value is None else f"a {type(value).__name__}"


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like `word`, if any is."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The sentence that offers the closest known word, or nothing."""
    name = closest(word, known)
    return f" Did you mean {name}?" if name else ""
