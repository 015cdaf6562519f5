"""The help pages, as a person sees them in a terminal of 80 columns."""

import inspect
import re

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from toysup.cli import app

COMMANDS = get_command(app).commands
WIDTH = 80


def page(*words):
    """The text of a help page, with its lines joined."""
    done = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": str(WIDTH)})
    assert done.exit_code == 0
    assert max(map(len, done.output.splitlines())) <= WIDTH
    return " ".join(done.output.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_page_begins_with_what_the_command_does(command):
    said = " ".join(inspect.cleandoc(COMMANDS[command].callback.__doc__).split())
    assert said in page(command)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_and_argument_says_what_it_is(command):
    for parameter in COMMANDS[command].params:
        assert parameter.metavar or getattr(parameter, "is_flag", False), parameter.name
        assert parameter.help or parameter.name == "help", parameter.name
        assert parameter.help.endswith("."), parameter.name


@pytest.mark.parametrize("command", COMMANDS)
def test_a_page_has_no_types_and_brackets_of_the_library_that_makes_it(command):
    assert not re.search(r"<\w+|\{[A-Z]|\[(required|default)|x>=", page(command))


def test_the_first_page_says_all_of_what_each_command_does():
    assert "..." not in page().partition("Commands:")[2]


def test_a_word_in_brackets_is_shown_and_not_taken_for_markup():
    text = re.sub(r"\s+", " ", page("sweep"))
    assert "[small]" in text


def test_the_first_page_has_every_command_and_exit_code():
    text = page()
    assert all(f" {command} " in text for command in COMMANDS)
    assert re.search(r"Exit codes: 0 done; 1 a bug; 2 .*; 75 busy; 129, 130 or 143 stopped", text)
