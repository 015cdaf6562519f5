"""What tomllib refused in the text of a sweep file, as its writer would read it."""

import re
from collections.abc import Callable
from contextlib import suppress

from toysup.files.shown import quoted
from toysup.spec.locate import LOST, TEXT, Scanner

REFUSED = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
# What word processors and chats make of " and '.
TYPOGRAPHIC = re.compile("[“”„‟«»‘’‚‛]")  # noqa: RUF001 - they are meant
WORD = re.compile(r"[A-Za-z_][\w.-]*")
SWITCHES = ("true", "false")
UNCLOSED = {"Unclosed array": "]", "Unclosed inline table": "}"}
COMMA, POINT = re.compile(r"(?<=\d),\d"), re.compile(r"\.\d+")
COLON = re.compile(r"\s*:")
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
    here = written[number - 1]
    until = "\n".join([*written[: number - 1], here[:before]])
    hints: tuple[Callable[[], str | None], ...] = (
        lambda: typographic(here, before),
        lambda: without_quotes(here, before) if said == "Invalid value" else None,
        lambda: punctuation(here, before),
        lambda: twice(until) if said.startswith(TWICE) else None,
        lambda: unclosed(until, UNCLOSED[said]) if said in UNCLOSED else None,
    )
    found = next((hint for make in hints if (hint := make())), words)
    return f", line {number}, column {before + 1}", found


def typographic(line: str, place: int) -> str | None:
    """The fault of a line with quotes that only look like those of TOML."""
    outside = TEXT.sub("", line).partition("#")[0]  # of the texts that are whole
    found = TYPOGRAPHIC.match(line, place) or TYPOGRAPHIC.search(outside)
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


def punctuation(line: str, place: int) -> str | None:
    """The fault of a number or a key that other languages take.

    >>> punctuation("a = 0,1", 5)
    'a number has a point, not a comma, and a list has brackets'
    >>> punctuation("a = .1", 4)
    'a number has a digit before its point: 0.1'
    >>> punctuation("a: 1", 1)
    'a key and its value have = between them, and no colon'
    """
    if COMMA.match(line, place):
        return "a number has a point, not a comma, and a list has brackets"
    if found := POINT.match(line, place):
        return f"a number has a digit before its point: 0{found[0]}"
    return (
        "a key and its value have = between them, and no colon"
        if COLON.match(line, place)
        else None
    )


def unclosed(text: str, bracket: str) -> str | None:
    """The fault of a list or a table without its end, in which the text stops."""
    scanner = Scanner(text)
    with suppress(*LOST):
        scanner.scan()
    number = scanner.found.get(scanner.last)
    return f"{quoted('.'.join(scanner.last))} in line {number} has no {bracket}" if number else None


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
