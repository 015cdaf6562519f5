r"""Text of files, of their names and of errors -> text that a reader sees and nothing obeys.

Control characters move a terminal's cursor, bidirectional ones turn the order of what stands beside
them, and a line break begins a line that nobody wrote: each is shown as its escape, ``\x1b``.
Source: Boucher and Anderson 2021, "Trojan Source", for the bidirectional ones.
"""

import unicodedata

# Control, format, lone surrogates, private use, unassigned; separators of lines and paragraphs.
OBEYED = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
# Invisible, and part of a letter in Persian and in many emoji: they join or part their neighbours.
JOINERS = "\u200c\u200d"
QUOTED = 80  # characters of what was found that a message quotes


def line(value: object) -> str:
    r"""A text in one line, with an escape for what is not a letter to read.

    >>> line("a\x1b[2J\u202e b\n")
    'a\\x1b[2J\\u202e b\\n'
    """
    text = str(value)
    return text if text.isprintable() else "".join(map(letter, text))


def lines(value: object) -> str:
    r"""The same with the line breaks that it has.

    >>> lines("a\x1b\nb")
    'a\\x1b\nb'
    """
    return "\n".join(map(line, str(value).split("\n")))


def letter(character: str) -> str:
    r"""One character, or its escape as Python writes it.

    >>> letter("é"), letter("\x07"), letter("\u2066")
    ('é', '\\x07', '\\u2066')
    """
    obeyed = unicodedata.category(character) in OBEYED and character not in JOINERS
    return character.encode("unicode_escape").decode() if obeyed else character


def quoted(value: object, most: int = QUOTED) -> str:
    """A text in one line with no more characters than a message has room for.

    >>> quoted("abcdef", 5)
    'ab...'
    """
    text = line(str(value)[: most + 1])
    return text if len(text) <= most else f"{text[: most - 3]}..."
