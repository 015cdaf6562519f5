"""A claim: the file that says that a process works on a run. The process touches it until it ends.

A process lives while it locks its claim with `flock`, as seen from the same machine and mount, and
as seen from elsewhere while its claim is younger than `SILENCE_SECONDS`. Where a process has ended,
its claim may stay, marked as `ENDED`.
"""

import contextlib
import json
import os
import platform
import re
import secrets
import threading
from pathlib import Path
from typing import NamedTuple

from toysup.errors import BusyError, ToysupError
from toysup.files.publish import link, new_file
from toysup.files.regular import open_regular
from toysup.storage.shard import Shard

try:
    import fcntl
except ImportError:
    raise ToysupError(
        "toysup needs Linux or macOS: it locks a run's folder as POSIX systems do. "
        "On Windows, use it in WSL."
    ) from None

NAME = re.compile(r"\.shard-(\d+)-of-(\d+)(?:\.(\d+))?", re.ASCII)
TOUCH_SECONDS = 15.0
SILENCE_SECONDS = 120.0  # eight touches; clocks may differ by a minute
ENDED = b"ended"
MOST_BYTES = 4096
BOOT = Path("/proc/sys/kernel/random/boot_id")


class Name(NamedTuple):
    """The name of a claim: its shard, and how many claims on that were made before."""

    shard: Shard
    before: int = 0

    def path(self, folder: Path) -> Path:
        number, count = self.shard
        later = f".{self.before + 1}" if self.before else ""
        return folder / f".shard-{number:0{len(str(count))}}-of-{count}{later}"


def living(path: Path, now: float) -> str:
    """Who holds a claim, in words, as seen `now` by the clock of the file system; "" if nobody."""
    try:
        handle = open_regular(path, os.O_RDONLY)
    except FileNotFoundError:
        return ""
    with open(handle, "rb") as file:
        silent = now - os.fstat(handle).st_mtime
        try:
            told = dict(json.loads(file.read(MOST_BYTES)))
        except (ValueError, TypeError, RecursionError):  # it has ended
            return ""
        locked = is_locked(handle) if told.get("place") == place(handle) else None
    who = f"process {told.get('pid')} on {told.get('host')}"
    if locked is not None:
        return who if locked else ""
    words = f"{who}, heard of {max(0, silent):.0f} s ago, and given up after {SILENCE_SECONDS:.0f}"
    return words if silent < SILENCE_SECONDS else ""


def place(handle: int) -> str:
    """What processes share that see one another's `flock`: a running system and a mount."""
    try:
        system = BOOT.read_text().strip()
    except OSError:
        system = platform.node()
    return f"{system} {os.fstat(handle).st_dev}"


def is_locked(handle: int) -> bool | None:
    """Whether another process holds a file; None where the file system cannot say."""
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    return False


class Claim:
    """The claim of this process. FileExistsError where another one made it.

    It is locked before it has its name: one that is not locked is of a process that is gone.
    """

    def __init__(self, folder: Path, name: Name):
        self.path, self.name = name.path(folder), name
        self.over = threading.Event()
        told = {"host": platform.node(), "pid": os.getpid(), "token": secrets.token_hex(8)}
        with contextlib.ExitStack() as opened:
            with new_file(self.path, put=link) as file:
                self.handle = os.dup(file.fileno())
                opened.callback(os.close, self.handle)
                with contextlib.suppress(OSError):  # others go by its age, then
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    told["place"] = place(self.handle)
                self.content = json.dumps(told).encode()
                file.write(self.content)
            opened.pop_all()
        self.thread = threading.Thread(target=self.keep_young, name="claim", daemon=True)
        self.thread.start()

    def now(self) -> float:
        """The time by the clock of the file system."""
        os.utime(self.handle)
        return os.fstat(self.handle).st_mtime

    def keep_young(self) -> None:
        while not self.over.wait(TOUCH_SECONDS):
            with contextlib.suppress(OSError):  # the disk fails, and the next part says so
                os.utime(self.handle)

    def check(self) -> None:
        """BusyError when another process has taken this one for dead."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            content = b""
        if content != self.content:
            raise BusyError(
                f"{self.path.parent}: this process was not heard of for {SILENCE_SECONDS:.0f} s, "
                "and another one may work in its place. What is finished is saved."
            )

    def end(self) -> None:
        """Let others know that this process works no more."""
        os.pwrite(self.handle, ENDED, 0)

    def close(self) -> None:
        self.over.set()
        self.thread.join()
        os.close(self.handle)
