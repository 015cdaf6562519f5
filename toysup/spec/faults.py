"""The faults of an input, collected so that all are shown together."""

import difflib
import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from toysup.errors import SpecError
from toysup.files.shown import QUOTED, line, quoted

SHOWN_CHARACTERS = 40
# Of one message: who has twenty faults to mend reads no more, and a log takes no more.
MOST_LINES = 20
LONGEST_LINE = 1000  # characters
LONGEST_PATH = 200
MOST_CHARACTERS = 3500
MOST_NAMES = 12  # that a sentence lists in full; of more, the nearest
NEAREST = 5
OF_FILE = re.compile(r", line (\d+)(: .*)?")  # behind the name of a file


class Faults:
    """Fault lines of one file: where, what was found, what would work.

    `origins` maps the dotted path of a value to the words that name its origin, such as `--set`.
    Other values are from the file, and `text_lines` has the line of each dotted path in it.
    `named` is a path of messages and what it is in the file: `claims.NAME` and `claims.3`.
    `left` has the places, from 1 on, of what is left of a list that was made shorter.
    """

    def __init__(self, where: str, text_lines: Callable[[], dict[str, int]] = dict):
        self.where = where
        self.text_lines = cache(text_lines)  # only a file with a fault is searched for its lines
        self.lines: list[str] = []
        self.numbers: dict[str, int] = {}  # of those of `lines` that say a line of the file
        self.origins: dict[str, str] = {}
        self.named: tuple[str, str] = ("", "")
        self.left: dict[str, list[int]] = {}
        self.failed: set[str] = set()  # names of plug-ins whose file already has its fault

    def add(self, path: str, text: str) -> None:
        """Add a fault; `text` continues the path: "must be ...", "is not ..."."""
        self.add_line(self.origin(path), f"{place(path)} {text}")

    def add_line(self, where: str, text: str) -> None:
        """Add a fault without a path in the sweep. Line breaks in keys are escaped."""
        self.lines.append(quoted(f"{where}: {text}", LONGEST_LINE))
        if found := OF_FILE.fullmatch(where.removeprefix(self.where)):
            self.numbers[self.lines[-1]] = int(found[1])

    def origin(self, path: str) -> str:
        """Where the value at `path` came from. A part of a value has the origin of the whole."""
        whole = path
        while whole:
            if whole in self.origins:
                return self.origins[whole]
            whole = whole.rpartition(".")[0]
        name, written = self.named
        if name and (path == name or path.startswith(f"{name}.")):
            path = written + path.removeprefix(name)
        number = self.text_lines().get(path)
        return f"{self.where}, line {number}" if number else self.where

    def raise_any(self) -> None:
        """Raise a SpecError with the lines, if there are any: the first of many, each once.

        Those with a line in the file are last, in its order.
        """
        lines = sorted(dict.fromkeys(self.lines), key=lambda text: self.numbers.get(text, 0))
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
    """The known word that is most like `word`, if any is.

    >>> closest("MSE", ["mse", "vae"]), closest("barlow-twins", ["barlow_twins"])
    ('mse', 'barlow_twins')
    """
    plain = {plainly(name): name for name in known}
    near = difflib.get_close_matches(plainly(word), plain, n=1)
    return plain[near[0]] if near else None


def plainly(word: str) -> str:
    """A name without what writers vary: its case, and what stands between its words."""
    return word[:QUOTED].lower().removesuffix(".toml").replace("-", "_").replace(" ", "_")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The sentence that offers the closest known word, or nothing."""
    name = closest(word, known)
    return f" Did you mean {name}?" if name else ""


def there_are(known: Iterable[str], word: str = "", see: str = "") -> str:
    """The sentence with what there is: all of a few, or of many those that are most like `word`.

    `see` is the command that shows all.

    >>> there_are(["a", "b"]), there_are([])
    (' There are: a, b.', '')
    >>> there_are([*"abcdefghijkl", "mask"], "mosk", "toysup list")
    ' There are: mask, k, a, b, c and 8 more: `toysup list`.'
    """
    names = list(known)
    if not names:
        return ""
    if len(names) <= MOST_NAMES:
        return f" There are: {', '.join(names)}."
    if word:
        likeness = {
            name: difflib.SequenceMatcher(None, plainly(name), plainly(word)).ratio()
            for name in names
        }
        names.sort(key=lambda name: -likeness[name])
    how = f": `{see}`" if see else ""
    return f" There are: {', '.join(names[:NEAREST])} and {len(names) - NEAREST} more{how}."
