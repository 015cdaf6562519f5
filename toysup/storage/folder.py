"""What stands in a run's folder: the rules before anything is written."""

import os
import re
from pathlib import Path

from toysup.errors import DamagedError, ToysupError
from toysup.files.publish import user_errors
from toysup.files.regular import is_folder
from toysup.storage.claim import NAME as CLAIM
from toysup.storage.claims import OTHER_FOLDER

MANIFEST = "manifest.json"
FOLDERS = ("parts", "plugins")
# What `publish` calls a file of a run on its way, whatever its suffix.
TEMPORARY = re.compile(
    r"\.(manifest\.json|results\.parquet|results\.sha256|[\w-]+\.parquet|\w+\.py"
    rf"|{CLAIM.pattern})\.\w+(\.tmp)?"
)


def check_usable(folder: Path) -> None:
    """ToysupError unless a folder is missing, empty, or of a run, if only begun."""
    with user_errors(folder, "read"):
        if not os.path.lexists(folder):
            return
        there = {path.name for path in folder.iterdir()} if folder.is_dir() else {str(folder)}
    ours = {name for name in there if TEMPORARY.fullmatch(name) or CLAIM.fullmatch(name)}
    begun = ours | there.intersection(FOLDERS)
    if MANIFEST not in there and there != begun:
        raise ToysupError(f"{folder}: exists and is not a run.{OTHER_FOLDER}")
    for name in there.intersection(FOLDERS):
        if not is_folder(folder / name):
            raise DamagedError(
                f"{folder / name}: is a link or a file, where a run has a folder. Remove it."
            )


def clear(folder: Path) -> None:
    """Remove the files that a process that died was writing. Nobody else works there."""
    for place in (folder, *(folder / name for name in FOLDERS if is_folder(folder / name))):
        with user_errors(place, "written"):
            left = [path for path in place.iterdir() if TEMPORARY.fullmatch(path.name)]
            for path in left:
                if not is_folder(path):
                    path.unlink()
