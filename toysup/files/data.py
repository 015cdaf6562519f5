"""Where the data files are that a sweep names.

A relative path starts at the folder of the sweep file, so that a sweep can be run from anywhere; of
a mapping, at the working folder. Where that has no such file, it starts at the folder of the
packaged sweeps, and stays in it. A packaged sweep's own files come first; other paths of it, which
the command line gave, start at the working folder.
"""

import os
from pathlib import Path

from toysup.files import packaged

_start: list[Path] = []


def start_at(folder: Path) -> None:
    """Have relative paths start at a folder: that of the sweep that is read or run now."""
    _start[:] = [Path(folder).absolute()]


def start() -> Path:
    """The folder at which relative paths start."""
    return _start[0] if _start else Path.cwd()


def place(path: str) -> str:
    """Where the file is that a sweep names; `~` is the user's home folder.

    Of a path that leads nowhere, the first of the places where it could be.
    """
    own = os.path.join(start(), os.path.expanduser(path))
    candidates = [own]
    if ".." not in Path(path).parts:
        candidates.append(os.path.join(packaged.folder(), path))
    if start() == packaged.folder().absolute():
        candidates.append(os.path.abspath(path))
    return next((found for found in candidates if os.path.isfile(found)), own)
