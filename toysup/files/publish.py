"""Files that are there whole or not at all, and the errors of the system as lines for the user."""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from toysup.errors import DiskError, ToysupError

# What is wrong with the disk and not with the input.
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


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
    with user_errors(path, "written"):
        if not replaceable(path):
            raise ToysupError(f"{path}: cannot be written (it is a link, a device or a folder).")
        replace_file(path, data)


def replaceable(path: Path) -> bool:
    """Whether nothing stands at a path, or a regular file."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return True


def replace_file(path: Path, data: bytes) -> None:
    """Write `.NAME.XXXX.tmp` beside a file and give it its name."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
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
