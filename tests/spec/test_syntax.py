"""What is no TOML is told as its writer would read it, with the line and what to write."""

import re

import pytest

from tests.commands import run
from toysup.errors import SpecError
from toysup.spec import read

STRAIGHT = """is a typographic quote, and TOML takes straight ones, " or '."""
TELLS = {
    "two smart quotes": ("title = “x”", "line 1, column 9: is not TOML: “ " + STRAIGHT),
    "one smart quote": ('title = "x”', "line 1, column 12: is not TOML: ” " + STRAIGHT),
    "a smart apostrophe": ("\ntitle = ‘x’", "line 2, column 9: is not TOML: ‘ " + STRAIGHT),  # noqa: RUF001
    "a smart quote in a comment": (
        "title oops # “x”",
        "line 1, column 7: is not TOML: expected '=' after a key in a key/value pair.",
    ),
    "smart quotes in a text": (
        'title = "a “x”" oops',
        "line 1, column 17: is not TOML: expected newline or end of document after a statement.",
    ),
    "a text without quotes": (
        "[train]\nschedule = cosine",
        'line 2, column 12: is not TOML: cosine is no value. A text needs quotes: "cosine".',
    ),
    "a switch in Python's way": (
        "[objective.mse]\ntied = True",
        "line 2, column 8: is not TOML: True is written true in TOML.",
    ),
    "a table twice": (
        "[objective.mse]\ntied = true\n[objective.mse]",
        "line 3, column 15: is not TOML: objective.mse is there twice, first in line 1.",
    ),
    "a key twice": (
        "[train]\nsteps = 1\nsteps = [\n1, 2]",
        "line 4, column 6: is not TOML: train.steps is there twice, first in line 2.",
    ),
    "a value and a table": (
        'objective = "mse"\n\n[objective.mse]',
        "line 3, column 15: is not TOML: objective has a value in line 1, so that objective.mse "
        "has no place in it.",
    ),
    "a decimal comma": (
        "[a]\nx = 0,1",
        "line 2, column 6: is not TOML: a number has a point, not a comma, and a list has "
        "brackets.",
    ),
    "a number without a digit before its point": (
        "x = .25",
        "line 1, column 5: is not TOML: a number has a digit before its point: 0.25.",
    ),
    "a colon": (
        "x: 1",
        "line 1, column 2: is not TOML: a key and its value have = between them, and no colon.",
    ),
    "a list without an end": (
        "[train]\nsteps = [1,\n2\n\n[objective.mse]",
        "line 5, column 1: is not TOML: train.steps in line 2 has no ].",
    ),
    "a value that is none": ("steps = ", "line 1, column 9: is not TOML: invalid value."),
}


@pytest.mark.parametrize(("text", "message"), TELLS.values(), ids=TELLS)
def test_what_is_no_toml_says_its_line_and_what_to_write(tmp_path, monkeypatch, text, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.toml").write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        read("a.toml")
    assert caught.value.faults == [f"a.toml, {message}"]


def test_a_text_that_never_ends_is_told_at_the_end_of_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.toml").write_text('title = """\n[objective.mse]\n')
    with pytest.raises(SpecError, match=r"^a\.toml: is not TOML: .*, at the end of the file\.$"):
        read("a.toml")


@pytest.mark.slow
@pytest.mark.parametrize("text", ["title = “x”", "[train]\nstepz = 1\n[objective.mse]"])
def test_the_command_line_ends_with_2_and_one_line(tmp_path, monkeypatch, capsys, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    code, out, err = run(monkeypatch, capsys, "sweep", "a.toml")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert re.match(r"a\.toml, line \d", err)
