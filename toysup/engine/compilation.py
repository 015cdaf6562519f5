"""Compiled programs kept between processes: a second process of the same sweep loads them."""

import contextlib
import os
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from toysup.engine.environment import process
from toysup.files import cache
from toysup.files.publish import replace_file

PROGRAM = "-cache"  # how jax ends the name of what it keeps
SHORTEST = 0.01  # seconds of compilation that are worth a file
TROUBLE = "Error (reading|writing) persistent compilation cache"  # what jax warns of


def keep() -> None:
    """Let jax keep what it compiles in the cache folder, if there is one. Where it cannot, one line
    on stderr says so."""
    import jax

    path = cache.folder()
    if path:
        remove_unsealed(path)
        hear_trouble(path)
        jax.config.update("jax_compilation_cache_dir", str(path))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", SHORTEST)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


# The programs of a cache folder that have a digest: thousands at times, and a chunk takes a second.
sealed: dict[Path, set[str]] = {}


def seal() -> None:
    """Put beside each program that is kept a digest of it and its name."""
    path = cache.folder()
    if path is None or not path.is_dir():
        return
    known = sealed.setdefault(path, set())
    for name in os.listdir(path):
        if not name.endswith(PROGRAM) or name in known:
            continue
        program = path / name
        with contextlib.suppress(OSError):  # a full disk, or another process was first
            if not seal_of(program).exists():
                replace_file(seal_of(program), cache.digest(name, program.read_bytes()))
            known.add(name)


def remove_unsealed(path: Path) -> None:
    """Remove programs that are not what was kept, so that they are compiled again: a flipped bit is
    machine code, too. jax itself would run some of them."""
    sealed.pop(path, None)
    for program in path.glob(f"*{PROGRAM}"):
        with contextlib.suppress(OSError):
            known = seal_of(program).read_bytes() if seal_of(program).exists() else b""
            if known != cache.digest(program.name, program.read_bytes()):
                seal_of(program).unlink(missing_ok=True)
                program.unlink()


def seal_of(program: Path) -> Path:
    return program.with_name(f"{program.name}.sha256")


def hear_trouble(path: Path) -> None:
    """Say once for all programs what jax would warn of for each."""
    if isinstance(warnings.showwarning, Trouble):
        return
    warnings.filterwarnings("always", message=TROUBLE)
    warnings.showwarning = Trouble(path, warnings.showwarning)


@dataclass
class Trouble:
    """Shows warnings as before, but for those of the cache."""

    path: Path
    show: Callable

    def __call__(self, message, *rest, **more) -> None:
        if re.match(TROUBLE, str(message)):
            reason = str(message).rpartition(": ")[2]
            process.say(
                f"what it compiles cannot be kept in {self.path} ({reason}), so that the next run "
                "compiles it again."
            )
        else:
            self.show(message, *rest, **more)
