"""Who works on a run: its processes each make a file, a claim, and touch it until they end.

The processes may be on many machines that share the folder. There `flock` may reach no further than
one machine, but two of them never make the same file, and all see the times that the file system
gives to files. The claim on a shard is `.shard-03-of-16`, and that on a whole run `.shard-1-of-1`.
A process that takes over from one that died makes `.shard-03-of-16.2`. It makes its claim first and
looks at the others then, so that of two which exclude each other at least one sees the other.

A process lives while it locks its claim with `flock`, as seen from the same machine and mount, and
as seen from elsewhere while its claim is younger than `SILENCE_SECONDS`. A shard that has ended
leaves its claim, marked as `ENDED`, until the run is finished: it says how many shards there are.
"""

import contextlib
import json
import os
import platform
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from toysup.errors import BusyError, ToysupError
from toysup.files.publish import link, new_file, user_errors
from toysup.files.regular import open_regular
from toysup.storage.shard import WHOLE, Shard

try:
    import fcntl
except ImportError:
    raise ToysupError(
        "toysup needs Linux or macOS: it locks a run's folder as POSIX systems do. "
        "On Windows, use it in WSL."
    ) from None

NAME = re.compile(r"\.shard-(\d+)-of-(\d+)(?:\.(\d+))?", re.ASCII)
TOUCH_SECONDS = 15.0
SILENCE_SECONDS = 120.0  # eight touches; a file system's clock may be shared by hosts that drift
ENDED = b"ended"
MOST_BYTES = 4096
BOOT = Path("/proc/sys/kernel/random/boot_id")
OTHER_FOLDER = " Choose another folder with --out."


class Name(NamedTuple):
    """The name of a claim: its shard, and how many claims on that were made before."""

    shard: Shard
    before: int = 0

    def path(self, folder: Path) -> Path:
        number, count = self.shard
        later = f".{self.before + 1}" if self.before else ""
        return folder / f".shard-{number:0{len(str(count))}}-of-{count}{later}"


def names(folder: Path) -> list[Name]:
    """The claims in a folder, sorted."""
    found = [NAME.fullmatch(entry) for entry in os.listdir(folder)]
    return sorted(
        Name(Shard(int(one[1]), int(one[2])), int(one[3] or 1) - 1) for one in found if one
    )


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

    def is_alone(self) -> bool:
        """Whether nobody else works on the run."""
        folder, now = self.path.parent, self.now()
        return not any(living(n.path(folder), now) for n in names(folder) if n != self.name)

    def end(self) -> None:
        """Let others know that this process works no more."""
        os.pwrite(self.handle, ENDED, 0)

    def close(self) -> None:
        self.over.set()
        self.thread.join()
        os.close(self.handle)


@contextlib.contextmanager
def held(folder: Path, shard: Shard, alone: bool, is_done: Callable[[], bool]) -> Iterator[Claim]:
    """Hold a shard for this process, or the whole; `alone` where nobody may work beside it.

    When the run is done, the claims of all processes that are gone are removed.

    BusyError when another process has the shard, or works beside one that must be alone.
    ToysupError when the run was begun with another number of shards.
    """
    with user_errors(folder, "locked", OTHER_FOLDER):
        before = [name.before + 1 for name in names(folder) if name.shard == shard]
        try:
            claim = Claim(folder, Name(shard, max(before, default=0)))
        except (FileExistsError, FileNotFoundError):  # or another one clears the folder
            raise busy(folder, "it began at this moment") from None
        try:
            check_others(folder, claim, alone or shard == WHOLE)
        except BaseException:
            claim.close()
            claim.path.unlink()
            raise
    try:
        yield claim
    finally:
        with user_errors(claim.path, "removed"):
            try:
                claim.end()
                if shard == WHOLE or is_done():
                    remove_dead(folder, claim.now())
            finally:
                claim.close()


def check_others(folder: Path, claim: Claim, alone: bool) -> None:
    """BusyError or ToysupError where other claims exclude this one. Where their processes are gone,
    they are marked, for a process that only seemed so."""
    own, now = claim.name, claim.now()
    for name in names(folder):
        shard, path = name.shard, name.path(folder)
        if name == own or (shard == own.shard and name > own):  # a later one gives way
            continue
        excluded = alone or shard == own.shard or shard.count != own.shard.count
        if who := living(path, now):
            if excluded:
                raise busy(folder, who if shard == WHOLE else f"shard {shard}: {who}")
        elif shard.count != own.shard.count and WHOLE not in (shard, own.shard):
            raise ToysupError(
                f"{folder}: was begun with {shard.count} shards. Use --shard I/{shard.count}, or "
                "finish it without --shard."
            )
        elif excluded:
            with (
                contextlib.suppress(FileNotFoundError),
                open(open_regular(path, os.O_WRONLY), "wb") as file,
            ):
                file.write(ENDED)


def remove_dead(folder: Path, now: float) -> None:
    """Remove the claims of processes that are gone."""
    for name in names(folder):
        path = name.path(folder)
        if not living(path, now):
            path.unlink(missing_ok=True)


def busy(folder: Path, who: str) -> BusyError:
    return BusyError(
        f"{folder}: another process is working on this run ({who}). "
        "Wait for it, or choose another folder with --out."
    )
