"""manifest.json: what a run computes and with what, with a digest of all of it.

It is written once, and replaced as a whole where the run grows: it then has what the run was
`earlier`, too, so that the parts of then are known. One that was changed, cut or made by another
version is told in one line.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from toysup.errors import DamagedError, RefusedError, ToysupError
from toysup.files.regular import read_regular
from toysup.files.shown import quoted
from toysup.resources import container
from toysup.resources.units import bytes_text
from toysup.storage.shape import MANIFEST

VERSION = 3
DIGEST = "digest"
EARLIER = "earlier"
# A manifest may be as large as that of the largest plan that memory can list: an instance in a
# chunk of two takes 500 bytes of memory there, and 60 bytes and 1.5 lists and tables here.
SHARE_OF_BYTES, SHARE_OF_BRACKETS = 1 / 8, 1 / 300
LARGEST = 2**40  # bytes of memory, where the system does not say how many there are


def sealed(content: dict) -> bytes:
    """The file of a manifest with this content: with its version and its digest."""
    whole = {"manifest_version": VERSION} | content
    whole[DIGEST] = digest(whole)
    return json.dumps(whole, indent=1).encode() + b"\n"


def digest(content: dict) -> str:
    """sha256 of all of a manifest but its digest, whatever its layout."""
    return sha256({name: value for name, value in content.items() if name != DIGEST})


def sha256(value: Any) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def identity(content: dict) -> str:
    """Names what a run computes and with what, for its files to say whose they are.

    It depends on the sweep, code, libraries, machine, data and lanes side by side, and not on how
    the work is cut into chunks, where it is, who began it or when: equal runs have equal files.
    """
    plan = content["plan"]
    lanes = [stack["group"] for stack in plan["stacks"]]
    return sha256(
        [plan["hash"], lanes, *(content[name] for name in ("versions", "sources", "data"))]
    )


def read(path: Path) -> dict:
    """The content of a manifest. DamagedError when it is not what was written, and
    FileNotFoundError when there is none."""
    memory = min(container.memory(), LARGEST)
    size = path.lstat().st_size
    if size > memory * SHARE_OF_BYTES:
        raise RefusedError(f"{path}: there is not enough memory to read its {bytes_text(size)}.")
    data = read_regular(path, int(memory * SHARE_OF_BYTES))
    try:
        if data.count(b"[") + data.count(b"{") > memory * SHARE_OF_BRACKETS:
            raise ValueError("it has too many lists")
        content = json.loads(data)
        check_version(path, content)
        whole = content[DIGEST] == digest(content) and MANIFEST(content)
    except MemoryError as error:
        raise RefusedError(f"{path}: there is not enough memory to read it.") from error
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise damaged(path) from error
    if not whole:
        raise damaged(path)
    return content


def check_version(path: Path, content: dict) -> None:
    """ToysupError for a manifest of another format."""
    version = int(content["manifest_version"])
    if version == VERSION:
        return
    versions = content.get("versions")
    by = versions.get("toysup") if isinstance(versions, dict) else None
    writer = f"toysup {quoted(by)}" if isinstance(by, str) else "the toysup"
    remedy = "Upgrade toysup" if version > VERSION else f"Read it with {writer} that wrote it"
    raise ToysupError(
        f"{path}: was written by {'a newer' if version > VERSION else 'an older'} toysup, and is "
        f"left as it is: it has format {version}, and this toysup reads format {VERSION}. "
        f"{remedy}, or train the sweep again in a new folder with --fresh."
    )


def damaged(path: Path) -> DamagedError:
    """The error for a manifest, which cannot be made again."""
    return DamagedError(f"{path}: is damaged. Start over with --fresh.")
