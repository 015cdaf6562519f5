"""What a terminal gets in place of a letter that its encoding does not have."""

import codecs
import unicodedata

NAME = "toysup.plain"  # of the handler of errors, for `reconfigure(errors=...)`
LOOKALIKES = dict(zip("▁▂▃▄▅▆▇█", "_.:-=+%#", strict=True)) | {
    "▼": "v",
    "·": "-",
    "\N{EN DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{NO-BREAK SPACE}": " ",
    "\N{HORIZONTAL ELLIPSIS}": ".",
    "━": "=",
    "╸": "-",
}


def lookalike(letter: str) -> str:
    """One ASCII letter for a letter: its base without accents, or "?".

    >>> [lookalike(letter) for letter in "█·é中"]
    ['#', '-', 'e', '?']
    """
    base = LOOKALIKES.get(letter) or unicodedata.normalize("NFKD", letter)[0]
    return base if base.isascii() else "?"


def replaced(error: UnicodeError) -> tuple[str, int]:
    """The handler: what is written for the letters that cannot be, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(lookalike, error.object[error.start : error.end])), error.end


codecs.register_error(NAME, replaced)
