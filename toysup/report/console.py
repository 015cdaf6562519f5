"""Where a report is printed: stdout, with colour and the terminal's width where there is one."""

import os
import sys

from rich.console import Console

PIPED_WIDTH = 100  # what a file or a pipe gets; a terminal is as wide as it is
WIDEST = 120  # lines longer than this are hard to read


def console() -> Console:
    """A console on stdout that takes what it prints literally: a title may hold brackets."""
    width = None
    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        width = PIPED_WIDTH
    made = Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)
    made.width = min(made.width, WIDEST)
    return made
