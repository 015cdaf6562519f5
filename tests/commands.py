"""A command line, run in the process of the test."""

import sys

from toysup.__main__ import main


def run(monkeypatch, capsys, *words) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of `toysup WORDS`."""
    monkeypatch.setattr(sys, "argv", ["toysup", *map(str, words)])
    code = 0
    try:
        main()
    except SystemExit as stop:
        code = stop.code or 0
    return code, *capsys.readouterr()
