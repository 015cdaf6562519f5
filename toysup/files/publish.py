"""Files that are there whole or not at all, and the errors of the system as lines for the user."""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from toysup.errors import DiskError, ToysupError

# What is wrong with the disk and not with the input.
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

# What file systems say that have no hard links, as those of memory sticks.
NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)


@contextlib.contextmanager
def user_errors(path: Path, verb: str, remedy: str = "") -> Iterator[None]:
    """Turn an OSError into a ToysupError: one line for the user."""
    try:
        yield
    except OSError as error:
        reason = f"{path}: cannot be {verb} ({error.strerror or type(error).__name__})."
        if error.errno in DISK:
            raise DiskError(f"{reason} Once that is mended, the same command goes on.") from error
        raise ToysupError(f"{reason}{remedy}") from error


def publish(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, even if the power fails.

    DiskError when there is no room, ToysupError when there is no permission, or when what is there
    is a link, a device or another thing that a file must not take the place of.
    """
    with publishing(path) as file:
        file.write(data)


@contextlib.contextmanager
def publishing(path: Path) -> Iterator[BinaryIO]:
    """The same for a file that is written, and read again, piece by piece."""
    with user_errors(path, "written"):
        if not replaceable(path):
            raise ToysupError(f"{path}: cannot be written (it is a link, a device or a folder).")
        with new_file(path) as file:
            yield file


def publish_first(path: Path, data: bytes) -> bool:
    """Write a file so that it is there whole or not at all; False where there is one already. Of
    processes that do it at once, on any machine, one writes it."""
    with user_errors(path, "written"):
        try:
            with new_file(path, put=link) as file:
                file.write(data)
        except FileExistsError:
            return False
    return True


def replaceable(path: Path) -> bool:
    """Whether nothing stands at a path, or a regular file."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return True


def replace_file(path: Path, data: bytes) -> None:
    """Write a file in the place of the one that is there."""
    with new_file(path) as file:
        file.write(data)


def link(temporary: Path, path: Path) -> None:
    """Give a file its name if no other one has it."""
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC))
        os.replace(temporary, path)
    else:
        os.unlink(temporary)


@contextlib.contextmanager
def new_file(path: Path, put: Callable[[Path, Path], None] = os.replace) -> Iterator[BinaryIO]:
    """A file to write and read, `.NAME.XXXX.tmp`, that is `put` in its place when it is whole."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        put(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the disk know of the names in a folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
