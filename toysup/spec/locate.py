"""The text of a sweep file -> the line of each of its keys.

tomllib says where it stopped reading, but not where the keys are that it has read. This scanner
reads text that tomllib took, and so trusts its syntax. What it found is held to what tomllib read:
if the two differ in a single key, no line is told, because a wrong one is worse than none.
"""

import re
import tomllib
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

Keys = tuple[str, ...]  # an item of a list is its place, from 1 on: ("claims", "2", "name")

SPACE = re.compile(r"[ \t]*")
GAP = re.compile(r"(?:[\s,]|#[^\n]*)*")  # between two items of a list or two lines of a file
PART = re.compile(r"""([\w-]+)|("(?:\\.|[^"\\\n])*"|'[^'\n]*')""")
# The closing three quotes may have two of the text before them.
TEXT = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"""(?:"{0,2})'
    r"|'''[\s\S]*?'''(?:'{0,2})"
    r"""|"(?:\\.|[^"\\\n])*"|'[^'\n]*'"""
)
OTHER = re.compile(r"[^,\]}#\n]*")  # numbers, dates, true and false
DEEPEST = 20  # lists and tables in each other, as the reader of sweeps takes them


class TooDeepError(Exception):
    """Values are nested deeper than a sweep's."""


# What the scanner ends with where the text is not as it expects.
LOST = (TooDeepError, AttributeError, IndexError, ValueError)


def lines(text: str, content: dict[str, Any]) -> dict[str, int]:
    """The line of each dotted path; none if the text was not understood.

    `content` is what tomllib read of the text. Two keys with one dotted path, as `a.b` and
    `"a.b"`, have no line.

    >>> lines("[train]\\nsteps = 5", {"train": {"steps": 5}})
    {'train': 1, 'train.steps': 2}
    """
    try:
        found = Scanner(text).scan()
    except LOST:
        return {}
    if set(found) != set(paths(content, ())):
        return {}
    dotted = {path: ".".join(path) for path in found}
    times = Counter(dotted.values())
    return {name: found[path] for path, name in dotted.items() if times[name] == 1}


def paths(value: Any, here: Keys) -> Iterator[Keys]:
    """The path of every key, and of every table in a list."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*here, key)
            yield from paths(item, (*here, key))
    elif isinstance(value, list):
        for place, item in enumerate(value, start=1):
            if isinstance(item, dict):
                yield (*here, str(place))
            yield from paths(item, (*here, str(place)))


class Scanner:
    """Walks over TOML text once and notes the line of each key."""

    def __init__(self, text: str):
        self.text, self.at = text, 0
        self.breaks = [found.start() for found in re.finditer("\n", text)]
        self.found: dict[Keys, int] = {}
        self.counts: Counter[Keys] = Counter()  # of [[arrays of tables]]
        # The key that was read last, and the line in which it is there already, if it is.
        self.last: Keys = ()
        self.before: int | None = None

    def scan(self) -> dict[Keys, int]:
        table: Keys = ()
        self.skip(GAP)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table, 0)
            self.skip(GAP)
        return self.found

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Move behind what matches here. AttributeError where nothing does."""
        matched: Any = pattern.match(self.text, self.at)
        self.at = matched.end()
        return matched[0]

    def line(self) -> int:
        return bisect_left(self.breaks, self.at) + 1

    def key(self) -> Keys:
        """A key with its dots, and the position behind it."""
        parts: list[str] = []
        while True:
            self.skip(SPACE)
            part = self.skip(PART)
            parts.append(tomllib.loads(f"x = {part}")["x"] if part[0] in "\"'" else part)
            self.skip(SPACE)
            if self.text[self.at : self.at + 1] != ".":
                return tuple(parts)
            self.at += 1

    def reach(self, table: Keys, parts: Keys, line: int) -> Keys:
        """The path of a key below a table. The tables that its dots imply are noted.

        A part that is an array of tables means the last table of the array.
        """
        path = table
        for part in parts[:-1]:
            path = (*path, part)
            self.found.setdefault(path, line)
            if count := self.counts[path]:
                path = (*path, str(count))
        return (*path, parts[-1])

    def header(self) -> Keys:
        """`[table]` or `[[array of tables]]`."""
        line, brackets = self.line(), 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        path = self.reach((), self.key(), line)
        self.at += brackets
        if brackets == 2:
            self.found.setdefault(path, line)  # the array begins at its first table
            self.counts[path] += 1
            path = (*path, str(self.counts[path]))
        self.write(path, line)
        return path

    def write(self, path: Keys, line: int) -> None:
        self.last, self.before = path, self.found.get(path)
        self.found[path] = line

    def pair(self, table: Keys, depth: int) -> None:
        """`key = value`."""
        line = self.line()
        path = self.reach(table, self.key(), line)
        self.write(path, line)
        self.at += 1  # the equals sign
        self.value(path, depth)

    def value(self, path: Keys, depth: int) -> None:
        self.skip(SPACE)
        if depth > DEEPEST:
            raise TooDeepError
        start = self.text[self.at]
        if start == "{":
            self.items("}", lambda place: self.pair(path, depth + 1))
        elif start == "[":
            self.items("]", lambda place: self.item((*path, str(place)), depth + 1))
        else:
            self.skip(TEXT if start in "\"'" else OTHER)

    def items(self, end: str, read: Callable[[int], None]) -> None:
        """What stands between brackets: each item is read with its place."""
        self.at += 1
        self.skip(GAP)
        place = 1
        while self.text[self.at] != end:
            read(place)
            place += 1
            self.skip(GAP)
        self.at += 1

    def item(self, path: Keys, depth: int) -> None:
        """An item of a list; only tables have a line of their own."""
        if self.text[self.at] == "{":
            self.found[path] = self.line()
        self.value(path, depth)
