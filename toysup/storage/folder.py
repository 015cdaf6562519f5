"""What stands in a run's folder, and who works there: the rules before anything is written."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from toysup.errors import BusyError, DamagedError, ToysupError
from toysup.files.publish import user_errors
from toysup.files.regular import is_folder, open_regular

try:
    import fcntl
except ImportError:
    raise ToysupError(
        "toysup needs Linux or macOS: it locks a run's folder as POSIX systems do. "
        "On Windows, use it in WSL."
    ) from None

LOCK = ".lock"
MANIFEST = "manifest.json"
FOLDERS = ("parts", "plugins")
# What `publish` calls a file of a run on its way, whatever its suffix.
TEMPORARY = re.compile(
    r"\.(manifest\.json|results\.parquet|results\.sha256|[\w-]+\.parquet|\w+\.py)\.\w+(\.tmp)?"
)
OTHER_FOLDER = " Choose another folder with --out."


def check_usable(folder: Path) -> None:
    """ToysupError unless a folder is missing, empty, or of a run, if only begun."""
    with user_errors(folder, "read"):
        if not os.path.lexists(folder):
            return
        there = {path.name for path in folder.iterdir()} if folder.is_dir() else {str(folder)}
    begun = {name for name in there if name in (*FOLDERS, LOCK) or TEMPORARY.fullmatch(name)}
    if MANIFEST not in there and there != begun:
        raise ToysupError(f"{folder}: exists and is not a run.{OTHER_FOLDER}")
    for name in there.intersection(FOLDERS):
        if not is_folder(folder / name):
            raise DamagedError(
                f"{folder / name}: is a link or a file, where a run has a folder. Remove it."
            )


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process. The lock goes with the process, however it ends.

    BusyError when another process holds it.
    """
    with user_errors(folder / LOCK, "written", OTHER_FOLDER):
        handle = open_regular(folder / LOCK, os.O_RDWR | os.O_CREAT)
    try:
        with user_errors(folder / LOCK, "locked", OTHER_FOLDER):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyError(
                    f"{folder}: another process is working on this run. "
                    f"Wait for it, or choose another folder with --out."
                ) from None
        yield
    finally:
        os.close(handle)


def clear(folder: Path) -> None:
    """Remove the files that a process that died was writing. The folder is locked."""
    for place in (folder, *(folder / name for name in FOLDERS if is_folder(folder / name))):
        with user_errors(place, "written"):
            left = [path for path in place.iterdir() if TEMPORARY.fullmatch(path.name)]
            for path in left:
                if not is_folder(path):
                    path.unlink()
