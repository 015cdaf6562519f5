"""What tomllib refused in the text of a sweep file, as its writer would read it."""

import re
from collections.abc import Callable
from contextlib import suppress

from toysup.files.shown import quoted
from toysup.spec.locate import LOST, Scanner

REFUSED = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
# What word processors and chats make of " and '.
TYPOGRAPHIC = re.compile("[“”„‟«»‘’‚‛]")  # noqa: RUF001 - they are meant
WORD = re.compile(r"[A-Za-z_][\w.-]*")
SWITCHES = ("true", "false")
TWICE = ("Cannot overwrite a value", "Cannot declare", "Cannot mutate immutable namespace")


def fault(text: str, error: ValueError) -> tuple[str, str]:
    """Where in the file, as ", line 2, column 7" or "", and what is wrong there.

    >>> fault("title oops", ValueError("Expected '=' after a key (at line 1, column 7)"))
    (', line 1, column 7', "expected '=' after a key")
    """
    refused = REFUSED.fullmatch(str(error))
    if not refused:
        return "", quoted(error)
    said, line, column = refused.groups()
    words = said[:1].lower() + said[1:]
    if line is None:
        return "", f"{words}, at the end of the file"
    number, before = int(line), int(column) - 1
    written = text.replace("\r\n", "\n").split("\n")
    hints: tuple[Callable[[], str | None], ...] = (
        lambda: typographic(written[number - 1], before),
        lambda: without_quotes(written[number - 1], before) if said == "Invalid value" else None,
        lambda: (
            twice("\n".join([*written[: number - 1], written[number - 1][:before]]))
            if said.startswith(TWICE)
            else None
        ),
    )
    found = next((hint for make in hints if (hint := make())), words)
    return f", line {number}, column {before + 1}", found


def typographic(line: str, place: int) -> str | None:
    """The fault of a line with quotes that only look like those of TOML."""
    found = TYPOGRAPHIC.match(line, place) or TYPOGRAPHIC.search(line.partition("#")[0])
    if not found:
        return None
    return f"{found[0]} is a typographic quote, and TOML takes straight ones, \" or '"


def without_quotes(line: str, place: int) -> str | None:
    """The fault of a word that is no value."""
    found = WORD.match(line, place)
    if not found:
        return None
    if found[0].lower() in SWITCHES:
        return f"{found[0]} is written {found[0].lower()} in TOML"
    return f'{quoted(found[0])} is no value. A text needs quotes: "{quoted(found[0])}"'


def twice(text: str) -> str | None:
    """The fault of a key or a table that is there already; `text` ends behind the second."""
    scanner = Scanner(text)
    with suppress(*LOST):  # the text may end within the second
        scanner.scan()
    path = scanner.last
    if scanner.before:
        return f"{quoted('.'.join(path))} is there twice, first in line {scanner.before}"
    for length in range(len(path) - 1, 0, -1):
        if number := scanner.found.get(path[:length]):
            whole, part = (quoted(".".join(p)) for p in (path[:length], path))
            return f"{whole} has a value in line {number}, so that {part} has no place in it"
    return None
