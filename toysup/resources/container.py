"""The cores and the memory that this process may use: of the machine, or of its container or job.

Schedulers and containers limit a control group, which is a folder of small files.
"""

import contextlib
import math
import os
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")


def cores() -> int:
    """How many processors this process may use."""
    allowed = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    for group in groups("cpu"):
        with contextlib.suppress(OSError, ValueError, ZeroDivisionError):
            quota, period = (group / "cpu.max").read_text().split()
            allowed = min(allowed, math.ceil(int(quota) / int(period)))
    return max(1, allowed)


def memory() -> float:
    """How many bytes of memory this process may use; infinite where the system does not say."""
    try:
        allowed: float = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        allowed = math.inf
    for group in groups("memory"):
        for name in ("memory.max", "memory.limit_in_bytes"):  # of versions 2 and 1
            with contextlib.suppress(OSError, ValueError):
                allowed = min(allowed, int((group / name).read_text()))
    return allowed


def groups(controller: str) -> list[Path]:
    """The folders of this process's control groups, from its own up to the root."""
    try:
        lines = [line.split(":", 2) for line in MEMBERSHIP.read_text().splitlines()]
    except OSError:
        return []
    found = []
    for number, controllers, place in (line for line in lines if len(line) == 3):
        if number == "0" or controller in controllers.split(","):
            top = ROOT if number == "0" else ROOT / controller
            own = top / place.lstrip("/")
            # In a container the path may be that of the machine outside; its root is the container.
            found += [own, *own.parents[: len(own.parts) - len(top.parts)]]
    return found
