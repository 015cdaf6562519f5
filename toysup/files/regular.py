"""Files are opened only where they are regular files: no link, pipe, device or folder.

What is read may come from a stranger: a link would lead elsewhere, and a pipe would never end.
"""

import errno
import os
import stat
from pathlib import Path

from toysup.errors import DamagedError, RefusedError

# A pipe is opened without waiting for its other end.
SAFELY = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# What the system says of links, folders and sockets that are opened in this way.
NO_FILE = (errno.ELOOP, errno.EISDIR, errno.ENXIO)


def open_regular(path: Path, flags: int) -> int:
    """A descriptor of a regular file. DamagedError for anything else, OSError as `os.open` says."""
    try:
        handle = os.open(path, flags | SAFELY, 0o666)
    except OSError as error:
        if error.errno in NO_FILE:
            raise not_regular(path) from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise not_regular(path)
    return handle


def read_regular(path: Path, most: int) -> bytes:
    """The content of a regular file. DamagedError where it is longer than `most` bytes, and
    RefusedError where it does not fit in memory."""
    with open(open_regular(path, os.O_RDONLY), "rb") as file:
        if os.fstat(file.fileno()).st_size > most:
            raise DamagedError(f"{path}: is damaged: it is longer than {most:,} bytes.")
        try:
            return file.read()
        except MemoryError as error:
            raise RefusedError(f"{path}: there is not enough memory to read it.") from error


def is_folder(path: Path) -> bool:
    """Whether a path is a folder itself, and no link to one; a missing one is none."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def not_regular(path: Path) -> DamagedError:
    return DamagedError(
        f"{path}: is a link, a pipe, a device or a folder, where a run has a file. Remove it."
    )
