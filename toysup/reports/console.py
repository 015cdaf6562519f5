"""Where a report is printed: stdout, with colour and the terminal's width where there is one."""

import os
import sys

from rich import console as rich_console
from rich import text as rich_text
from rich.table import Table

from toysup.files.shown import lines

PIPED_WIDTH = 100  # what a file or a pipe gets; a terminal is as wide as it is
WIDEST = 120  # lines longer than this are hard to read
NARROWEST = 20  # a terminal that says it has fewer columns does not know
GAP = "   "  # between the entries of a row


class Text(rich_text.Text):
    """Words with a style, in which what would move the cursor or turn the writing is escaped."""

    def __init__(self, text: str = "", *arguments, **options):
        super().__init__(lines(text), *arguments, **options)

    def append(self, text, style=None) -> "Text":
        super().append(lines(text) if isinstance(text, str) else text, style)
        return self


class Console(rich_console.Console):
    """A console that shows plain strings in the same way. A title may also hold brackets."""

    def render_str(self, text, **options):
        return super().render_str(lines(text), **options)


def console() -> Console:
    """A console on stdout that takes what it prints literally."""
    width = None
    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        width = PIPED_WIDTH
    made = Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)
    made.width = min(made.width, WIDEST) if made.width >= NARROWEST else PIPED_WIDTH
    return made


def heading(out: rich_console.Console, words: str) -> None:
    """Words above what follows."""
    out.print()
    out.print(Text(words, style="bold underline"))
    out.print()


def bullet(out: rich_console.Console, words: str) -> None:
    """Words as one of several points."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_row("-", words)
    out.print(table)


def in_rows(items: list[tuple[str, str]], out: rich_console.Console) -> None:
    """Words with their styles, as many a row as fit whole."""
    row = Text()
    for words, style in items:
        if row and len(row) + len(GAP) + len(words) > out.width:
            out.print(row)
            row = Text()
        row.append(f"{GAP if row else ''}{words}", style=style)
    out.print(row)
