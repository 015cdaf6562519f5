"""How the program was called, for the commands that it tells a user to type."""

import os
import shutil
import sys
from pathlib import Path

PROGRAM = "toysup"


def program() -> str:
    """`toysup`, or the path that was typed where the shell would not find that one by its name."""
    typed = Path(sys.argv[0])
    if typed.name == "__main__.py" and typed.parent.name == PROGRAM:
        return f"{python()} -m {PROGRAM}"
    if typed.name != PROGRAM or typed.parent == Path():
        return PROGRAM
    found = shutil.which(PROGRAM)
    return PROGRAM if found and os.path.realpath(found) == os.path.realpath(typed) else str(typed)


def python() -> str:
    """The interpreter's name, or its path as typed where the shell would find another one."""
    running = Path(sys.executable)
    found = shutil.which(running.name)
    # The folders are compared: a virtual environment's interpreter is a link to another one.
    known = found and os.path.realpath(Path(found).parent) == os.path.realpath(running.parent)
    return running.name if known else sys.orig_argv[0]


def as_called(command: str) -> str:
    """A command that begins with the program's name, with the words that called it instead."""
    rest = command.removeprefix(f"{PROGRAM} ")
    return f"{program()} {rest}" if rest != command else command
