"""A folder of files that the user asked for by its name: all of them or none, and nothing is lost.

`LISTING` beside the files has the SHA-256 of each. A folder is replaced only where everything in it
is as its listing has it: what somebody else wrote or changed there stays.
"""

import errno
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from toysup.errors import ToysupError
from toysup.files import shown
from toysup.files.publish import publish, sync_folder, user_errors
from toysup.files.regular import is_folder, read_regular

LISTING = "written.json"
MOST_BYTES = 10_000_000  # of a listing
FULL = (errno.ENOTEMPTY, errno.EEXIST)  # what systems say of a name that a full folder has


def publish_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files by their relative paths, "runs/a.html", with its listing.

    It is made beside its place and renamed. ToysupError when what is there is not all of
    toysup's, or when there is no permission or no room.
    """
    refuse_other(path)
    place = Path(os.path.realpath(path))
    listed = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    content = {**files, LISTING: json.dumps({"files": listed}, indent=1).encode() + b"\n"}
    new = beside(place)
    try:
        with user_errors(path, "written"):
            place.parent.mkdir(parents=True, exist_ok=True)
            for name in content:
                (new / name).parent.mkdir(parents=True, exist_ok=True)
            for name, data in content.items():
                publish(new / name, data)
            put(new, place)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def put(new: Path, place: Path) -> None:
    """Give a folder its place, and remove the one that was there."""
    try:
        os.rename(new, place)
    except OSError as error:
        if error.errno not in FULL:
            raise
        old = beside(place)
        os.rename(place, old)
        try:
            os.rename(new, place)
        except OSError:
            os.rename(old, place)
            raise
        shutil.rmtree(old)
    sync_folder(place.parent)


def beside(place: Path) -> Path:
    """A new name next to a folder, for what is on its way there or away."""
    return place.with_name(f".{place.name}.{secrets.token_hex(4)}.tmp")


def refuse_other(path: Path) -> None:
    """ToysupError unless a folder can be made, is empty, or is as toysup wrote it."""
    place = Path(os.path.realpath(path))
    with user_errors(path, "written"):
        parent = next(above for above in place.parents if os.path.lexists(above))
        if not parent.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    with user_errors(path, "read"):
        if not os.path.lexists(place):
            return
        if not is_folder(place):
            raise ToysupError(f"{path}: is no folder. Choose another one with --out.")
        listed = listing(place)
        for name in things_in(place):
            if name != LISTING and listed.get(name) != digest(place / name):
                reason = "toysup did not write" if name not in listed else "was changed since"
                raise ToysupError(
                    f"{path}: holds {shown.quoted(name)}, which {reason}. Move it, or choose "
                    "another folder with --out."
                )


def things_in(place: Path) -> Iterator[str]:
    """The relative paths of the files in a folder, and of empty folders and links, sorted."""
    for folder, folders, files in os.walk(place):
        folders.sort()
        inner = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in sorted(files + inner):
            yield (Path(folder) / name).relative_to(place).as_posix()
        if not (folders or files) and Path(folder) != place:
            yield Path(folder).relative_to(place).as_posix()


def digest(path: Path) -> str:
    """The SHA-256 of a regular file; "" for anything else."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def listing(place: Path) -> dict[str, str]:
    """What the listing of a folder has; nothing where there is none. ToysupError for another's."""
    path = place / LISTING
    if not os.path.lexists(path):
        return {}
    try:
        files = json.loads(read_regular(path, MOST_BYTES))["files"]
        return {str(PurePosixPath(name)): str(files[name]) for name in files}
    except (ToysupError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ToysupError(
            f"{path}: is not one that toysup wrote. Choose another folder with --out."
        ) from error
