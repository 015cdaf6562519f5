"""The room on a disk that this process may use."""

import math
import shutil
from pathlib import Path


def free(folder: Path) -> float:
    """How many bytes this user may write where a folder is or will be; infinite where the system
    does not say."""
    there = next((path for path in (folder, *folder.absolute().parents) if path.exists()), folder)
    try:
        disk = shutil.disk_usage(there)
    except OSError:
        return math.inf
    return disk.free if disk.total else math.inf  # some network disks answer with zeros
