"""The folder of what is kept between processes, for this user and this machine alone.

Compiled programs are machine code that will be run, so the folder must be the user's own, closed to
everybody else.
"""

import hashlib
import os
import platform
import stat
from importlib.metadata import version
from pathlib import Path

SWITCH = "TOYSUP_CACHE"  # a folder, or "off"


def processor() -> str:
    """What this processor can do, in short: machine code of one may not run on another."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        described = sorted({line for line in lines if line.startswith(("flags", "Features"))})
    except OSError:
        described = [platform.processor()]
    return hashlib.sha256("\n".join([platform.machine(), *described]).encode()).hexdigest()[:12]


def digest(name: str, content: bytes) -> bytes:
    """What is kept with a file's content, to tell later that it is what was kept by that name."""
    return hashlib.sha256(name.encode() + content).hexdigest().encode()


def users_cache() -> Path:
    """The user's folder for caches. The specification has a relative path in the variable ignored.

    Source: XDG Base Directory Specification, freedesktop.org.
    """
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".cache"


def folder() -> Path | None:
    """The folder, made when missing; None where nothing is kept."""
    chosen = os.environ.get(SWITCH, "")
    if chosen.lower() == "off":
        return None
    try:
        base = Path(chosen) if chosen else users_cache() / "toysup"
        path = base / f"jaxlib-{version('jaxlib')}-{processor()}"
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = path.stat()
    except (OSError, RuntimeError):  # no home, or a full or read-only disk
        return None
    mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    closed = not stat.S_IMODE(status.st_mode) & 0o077
    return path if mine and closed else None
