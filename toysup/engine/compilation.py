"""Compiled programs kept between processes: a second process of the same sweep loads them."""

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from toysup.engine.environment import process
from toysup.files import cache

SHORTEST = 0.2  # seconds of compilation that are worth a file


TROUBLE = "Error (reading|writing) persistent compilation cache"  # what jax warns of


def keep() -> None:
    """Let jax keep what it compiles in the cache folder, if there is one. Where it cannot, one line
    on stderr says so."""
    import jax

    path = cache.folder()
    if path:
        hear_trouble(path)
        jax.config.update("jax_compilation_cache_dir", str(path))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", SHORTEST)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


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
