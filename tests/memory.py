"""What a process of the test suite holds.

jax keeps every program that it compiles, about 4 MB each, so they are dropped before they fill the
machine.
"""

import contextlib
import ctypes
import gc
from pathlib import Path

import jax

from toysup.verdict import nulls

MOST = 1.2e9  # bytes that a process may ever hold: two of them fit a small CI machine
DROP_ABOVE = 0.95e9  # the packages take 0.45e9, and the largest test 0.14e9 for a moment
# What a process must grow by until programs are dropped again: some of it never comes back.
GROWTH = 0.05e9
M_ARENA_MAX = -8  # of malloc.h


def held(line: str) -> float:
    """Bytes of this process: `VmRSS` now, `VmHWM` at most so far; 0 where Linux does not say."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0.0
    sizes = dict(row.split(":", 1) for row in status.splitlines() if ":" in row)
    return 1024.0 * int(sizes[line].split()[0])


drop_above = DROP_ABOVE


def drop_programs_if_many() -> None:
    """Drop all compiled programs where the process has grown enough since the last time."""
    global drop_above
    if held("VmRSS") > drop_above:
        drop_programs()
        drop_above = max(DROP_ABOVE, held("VmRSS") + GROWTH)


def share_one_arena() -> None:
    """Let all threads allocate from one arena of glibc: in an arena for each, what compilers free
    is too scattered to come back (0.12e9 bytes after 300 tests)."""
    with contextlib.suppress(AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def drop_programs() -> None:
    """Drop all compiled programs, and give their memory back, which glibc keeps."""
    jax.clear_caches()
    for pool in (nulls.random_pool, nulls.haar_pool, nulls.tight_pool):
        pool.cache_clear()
    gc.collect()
    with contextlib.suppress(AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)
