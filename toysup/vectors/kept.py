"""Machine code kept between processes, in the folder where jax keeps the programs that call it."""

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

import jax

from toysup.files import cache
from toysup.files.publish import replace_file

DIGEST_BYTES = len(cache.digest("", b""))


def once(source: str, recipe: str, compile: Callable[[], bytes]) -> bytes:
    """What `compile` makes of a module's `source` by a recipe: once, where it can be kept."""
    path = place(source, recipe)
    if path is None:
        return compile()
    code = recall(path)
    if code is None:
        code = compile()
        with contextlib.suppress(OSError):  # a full disk: it is compiled again
            replace_file(path, cache.digest(path.name, code) + code)
    return code


def place(source: str, recipe: str) -> Path | None:
    """The file of a module; None where jax has no folder for its programs."""
    folder = jax.config.values["jax_compilation_cache_dir"]
    if not (folder and Path(folder).is_dir()):
        return None
    made_of = f"{recipe}\n{source}".encode()
    return Path(folder) / f"kernel-{hashlib.sha256(made_of).hexdigest()[:32]}"


def recall(path: Path) -> bytes | None:
    """What is kept in a file: None if nothing is, or if a bit of it is not what was kept."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    kept, code = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    return code if kept == cache.digest(path.name, code) else None
