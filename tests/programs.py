"""Programs that the tests compile, kept on disk: two processes of the suite compile none twice, and
the suite run again compiles only what has changed.

jax looks a program up by all that goes into it, its own version and options included.
"""

import os
import shutil
from pathlib import Path

import jax

from toysup.files import cache

SHORTEST = 0.0  # seconds of compilation that are worth a file: to read one is always quicker
MOST = 500e6  # bytes on disk; a run of the suite makes about 60e6
FOLDER = Path(__file__).parents[1] / ".pytest_cache" / "programs" / cache.processor()


def keep() -> None:
    """Let jax keep programs here, in this process and in those that it starts."""
    options = {
        "jax_compilation_cache_dir": str(FOLDER),
        "jax_persistent_cache_min_compile_time_secs": SHORTEST,
        "jax_persistent_cache_min_entry_size_bytes": -1,
    }
    for name, value in options.items():
        jax.config.update(name, value)
        os.environ[name.upper()] = str(value)


def make_room() -> None:
    """Start over where what is kept, old programs among it, has grown too large."""
    if sum(path.stat().st_size for path in FOLDER.glob("*")) > MOST:
        shutil.rmtree(FOLDER)
