"""Text in Markdown is shown as it is, whatever stands in it, and takes a bounded room."""

import random

import pytest

from tests.reports.markdown.rendered import Page
from toysup.files import shown
from toysup.reports.markdown import ROOM, bullets, table, text

HOSTILE = (
    "a | b",
    "\\| a \\",
    "`code` ``",
    "**bold** _it_ ~~gone~~",
    "<script>alert(1)</script> <!-- c --> &lt; &amp;",
    "[link](https://a.example) ![p](//a.example/p.png) [r] [^1] <https://a.example>",
    "https://a.example www.a.example WWW.a.example mailto:a@a.example a@a.example",
    "@somebody @org/team #12 org/repo#12 GH-12 gh-12 :tada: $x$ $`x`$",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "12) item",
    "===",
    "---",
    "> quote",
    "~~~",
    "    code",
    "a\nb\r\n\n# c",
    "\x1b[2J \u202e \x00 \ud800 \uffff \u2028",
)


def noise(count):
    """Short texts of characters that mean something, the same each time."""
    draw = random.Random(0)
    letters = "\\`*_[]()<>&|~#@$:!-+=.1aw \n\x1b/\u202e"
    return ["".join(draw.choices(letters, k=12)) for _ in range(count)]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_text_is_shown_and_not_obeyed(value):
    page = Page(text(value))
    assert page.obeyed() == []
    assert page.text.strip() == shown.line(value).strip()


@pytest.mark.slow
def test_a_text_of_noise_is_shown_and_not_obeyed():
    for value in noise(2000):
        page = Page(text(value))
        assert page.obeyed() == [], value
        assert page.text.strip() == shown.line(value).strip(), value


@pytest.mark.slow
def test_a_cell_stays_one_cell():
    values = [*HOSTILE, *noise(500)]
    page = Page(table(["a", "b"], [(text(value), "end") for value in values], "nowhere"))
    assert page.obeyed() == []
    assert page.rows[1:] == [[shown.line(value).strip(), "end"] for value in values]


@pytest.mark.slow
def test_a_long_table_is_cut_and_says_how_many_rows_are_more():
    cut = table(["a", "b"], [("x" * 90, str(n)) for n in range(10_000)], "the file has them")
    rows = Page(cut).rows[1:]
    assert len(cut.encode()) < ROOM + 1000
    assert len(rows) > 900
    assert rows[-1][1] == str(len(rows) - 1)
    assert cut.endswith(f"\n\n{10_000 - len(rows):,} more: the file has them.")


@pytest.mark.slow
def test_a_long_list_is_cut_and_says_how_many_items_are_more():
    cut = bullets(["x" * 1000] * 1000)
    assert len(cut.encode()) < ROOM + 100
    assert cut.endswith(f"\n- {1000 - cut.count('- x')} more.")
    assert bullets(["a", "b"]) == "- a\n- b"


def test_a_long_text_is_cut():
    assert text("a" * 600) == "a" * 497 + "..."
