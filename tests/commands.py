"""A command line, run in the process of the test."""

import os
import sys
from unittest.mock import patch

from toysup.__main__ import main


def run(monkeypatch, capsys, *words) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of `toysup WORDS`."""
    monkeypatch.setattr(sys, "argv", ["toysup", *map(str, words)])
    code = 0
    with patch.dict(os.environ):  # a command sets a backend for pictures, which is not the tests'
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
    return code, *capsys.readouterr()
