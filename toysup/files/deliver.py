"""A file that the user asked for by its name: whole or not at all where it is a file.

A device, a pipe or standard output is written into, and a link leads on: none of them is replaced.
"""

import errno
import os
import sys
from pathlib import Path

from toysup.errors import ToysupError
from toysup.files.publish import publish, user_errors

STDOUT = 1


def refuse_unwritable(path: Path) -> None:
    """ToysupError if a file cannot be written, before the work that makes its content."""
    path = Path(path)
    if not os.path.lexists(path.parent):
        raise ToysupError(f"{path}: cannot be written: the folder {path.parent} does not exist.")
    with user_errors(path, "written"):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        target = Path(os.path.realpath(path))
        if not os.access(target if target.exists() else target.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def deliver(path: Path, data: bytes) -> None:
    """Write the data where a path leads to. ToysupError when there is no permission or no room."""
    path = Path(path)
    if not os.path.lexists(path.parent):
        raise ToysupError(f"{path}: cannot be written: the folder {path.parent} does not exist.")
    with user_errors(path, "written"):
        if is_stdout(path):
            sys.stdout.flush()
            with os.fdopen(os.dup(STDOUT), "wb") as out:
                out.write(data)
        elif path.exists() and not (path.is_file() or path.is_dir()):
            path.write_bytes(data)
        else:
            publish(Path(os.path.realpath(path)), data)


def is_stdout(path: Path) -> bool:
    """Whether a path leads to what standard output is: `/dev/stdout`, or the file it goes to."""
    try:
        return os.path.samestat(path.stat(), os.fstat(STDOUT))
    except (OSError, ValueError):  # nothing there yet, or standard output is closed
        return False
