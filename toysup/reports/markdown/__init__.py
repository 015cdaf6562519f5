r"""Text of a sweep -> GitHub-flavoured Markdown that shows it as it is, and that stays small.

A character that structures Markdown or HTML becomes a character reference, which structures
nothing. What is left GitHub searches for mentions (@), issues (#, GH-1), links and emoji (:, www.)
and mathematics ($). An element around such a mark keeps it apart from the text beside it.
Source: GitHub Flavored Markdown Spec 0.29, sections 2.3 and 6.9; docs.github.com, "Writing
mathematical expressions", for the element around a dollar sign.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

from toysup.files import shown

# A job summary may have 1 MiB a step, and a step may write the report and the check of a run. A
# report has two tables and a list, and a few paragraphs. A character takes up to 14 bytes.
ROOM = 100_000  # bytes of one table or list
CELL, PARAGRAPH = 500, 2000  # characters
STRUCTURE = r"[\\`*_\[\]<>&|~]|^(?:[-+=]|\d(?=\d*[.)](?:\s|$)))"
SEARCHED = r"[@#$]|:(?=\S)|(?i:\bgh-)(?=\d)|(?i:(?<=\bwww))\."
MARK = re.compile(f"({STRUCTURE})|{SEARCHED}")


def text(value: object, most: int = CELL) -> str:
    r"""A text in one line of Markdown, cut where it is long.

    >>> text("1. a|b <b> @me p: 0.1 \x1b")
    '&#49;. a&#124;b &#60;b&#62; <span>@</span>me p: 0.1 &#92;x1b'
    """
    return MARK.sub(unmarked, shown.quoted(value, most).strip())


def unmarked(found: re.Match) -> str:
    return f"&#{ord(found[0])};" if found[1] else f"<span>{found[0]}</span>"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], all_of_it: str) -> str:
    """A table of cells that are Markdown; `all_of_it` says where the rows left out are."""
    head = [row(columns), row(["---"] * len(columns))]
    return "\n".join(head + fitting([row(cells) for cells in rows], f"\n{{}} more: {all_of_it}."))


def row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def bullets(items: Iterable[str]) -> str:
    """A list of texts."""
    return "\n".join(fitting([f"- {text(item, PARAGRAPH)}" for item in items], "- {} more."))


def fitting(lines: Sequence[str], rest: str) -> list[str]:
    """The first lines, as many as there is room for, and how many more there are.

    >>> fitting(["a" * 60_000, "b" * 60_000, "c"], "{} more")[1:]
    ['2 more']
    """
    ends = accumulate(len(line.encode()) + 1 for line in lines)
    count = sum(end <= ROOM for end in ends)
    left = len(lines) - count
    return [*lines[:count], *([rest.format(f"{left:,}")] if left else [])]


def document(*blocks: str) -> str:
    """Blocks under one another, without those that are empty."""
    return "\n\n".join(filter(None, blocks))
