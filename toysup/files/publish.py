"""Files that are there whole or not at all, and the errors of the system as lines for the user."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from toysup.errors import ToysupError


@contextlib.contextmanager
def user_errors(path: Path, verb: str, remedy: str = "") -> Iterator[None]:
    """Turn an OSError into a ToysupError: one line for the user."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ToysupError(f"{path}: cannot be {verb} ({reason}).{remedy}") from error


def publish(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, even if the power fails.

    ToysupError when there is no permission or no room.
    """
    with user_errors(path, "written"):
        replace_file(path, data)


def replace_file(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
