"""A command is printed as it was called."""

import sys

import pytest

from toysup.files.called import as_called, program


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A program in a folder of the PATH, and another one beside it."""
    for name in ("path", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "toysup").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{}/path/toysup", "toysup"),  # as a shell gives it, which found it by its name
        ("{}/other/toysup", "{}/other/toysup"),
        ("toysup", "toysup"),
        ("{}/pytest/__main__.py", "toysup"),
    ],
)
def test_the_program_has_the_name_by_which_it_was_called(installed, monkeypatch, typed, said):
    monkeypatch.setattr(sys, "argv", [typed.format(installed)])
    monkeypatch.setattr(sys, "executable", "/bin/python")
    assert program() == said.format(installed)


@pytest.mark.parametrize(("where", "said"), [("path", "python"), ("other", ".venv/bin/python")])
def test_an_interpreter_that_the_shell_would_not_find_is_named_by_its_path(
    installed, monkeypatch, where, said
):
    for name in ("path", "other"):
        (installed / name / "python").touch(mode=0o755)
    monkeypatch.setattr(sys, "argv", ["lib/toysup/__main__.py"])
    monkeypatch.setattr(sys, "executable", str(installed / where / "python"))
    monkeypatch.setattr(sys, "orig_argv", [".venv/bin/python", "-m", "toysup"])
    assert program() == f"{said} -m toysup"


def test_only_the_program_of_a_command_is_replaced(installed, monkeypatch):
    monkeypatch.setattr(sys, "argv", [".venv/bin/toysup"])
    assert as_called("toysup sweep toysup.toml") == ".venv/bin/toysup sweep toysup.toml"
    assert as_called("the same call, for runs/a") == "the same call, for runs/a"
