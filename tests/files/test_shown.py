import sys

import pytest

from toysup.files.shown import line, lines, quoted


@pytest.mark.parametrize(
    "plain",
    ["", "a b", "é ß", "日本語", "\u0646\u200c\u0647", "\U0001f469\u200d\U0001f52c", "[red] <b> $"],
)
def test_what_a_reader_reads_stays_as_it_is(plain):
    assert line(plain) == plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", r"\x1b[2J"),
        ("a\nb\tc", r"a\nb\tc"),
        ("\u202e\u2066\u200f\u200b", r"\u202e\u2066\u200f\u200b"),
        ("\x9b\x7f\0", r"\x9b\x7f\x00"),
        ("\ud800\u2028\ue000", r"\ud800\u2028\ue000"),
    ],
)
def test_what_a_terminal_obeys_is_an_escape(text, shown):
    assert line(text) == shown


@pytest.mark.long
def test_every_character_is_shown_as_something_that_can_be_printed():
    every = line("".join(map(chr, range(sys.maxunicode + 1))))
    assert all(c.isprintable() or c in "\u200c\u200d" or c.isspace() for c in every)
    assert not set(every) & {"\n", "\r", "\t", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"}


def test_lines_stay_lines():
    assert lines("a\x1b\nb\r\n") == "a\\x1b\nb\\r\n"


def test_a_long_text_is_cut():
    assert quoted("x" * 81) == "x" * 77 + "..."
    assert len(quoted("\x1b" * 10_000)) == 80
