"""Who works on a run: its processes each have a claim, and these exclude each other or do not.

The processes may be on many machines that share the folder. There `flock` may reach no further than
one machine, but two of them never make the same file, and all see the times that the file system
gives to files. The claim on a shard is `.shard-03-of-16`, and that on a whole run `.shard-1-of-1`.
A process that takes over from one that died makes `.shard-03-of-16.2`. It makes its claim first and
looks at the others then, so that of two which exclude each other at least one sees the other.

The claim of a shard that has ended stays until the run is finished: it says how many shards there
are.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from toysup.errors import BusyError, ToysupError
from toysup.files.publish import user_errors
from toysup.files.regular import open_regular
from toysup.storage.claim import ENDED, NAME, Claim, Name, living
from toysup.storage.shard import WHOLE, Shard

OTHER_FOLDER = " Choose another folder with --out."


def names(folder: Path) -> list[Name]:
    """The claims in a folder, sorted."""
    found = [NAME.fullmatch(entry) for entry in os.listdir(folder)]
    return sorted(
        Name(Shard(int(one[1]), int(one[2])), int(one[3] or 1) - 1) for one in found if one
    )


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


def is_alone(claim: Claim) -> bool:
    """Whether nobody else works on the run."""
    folder, now = claim.path.parent, claim.now()
    return not any(living(n.path(folder), now) for n in names(folder) if n != claim.name)


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
