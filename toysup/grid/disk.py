"""What a plan needs on disk: refused with an estimate, before anything is computed."""

from collections.abc import Iterable
from pathlib import Path

from toysup.errors import RefusedError
from toysup.grid.limits import row_values
from toysup.resources.disk import free
from toysup.resources.units import bytes_text

# Measured of sweeps of four features or more: 11 to 30 in the parts, and 5.5 in the results, which
# are written while the parts are there.
VALUE_BYTES = 16


def disk(plan, chunks: Iterable) -> int:
    """About how many bytes some chunks of a plan and their results take."""
    recorded = len(plan.sweep.record)
    return VALUE_BYTES * sum(
        chunk.instances * row_values(plan.stacks[chunk.stack], recorded) for chunk in chunks
    )


def check_disk(plan, chunks: Iterable, folder: Path, available: float | None = None) -> None:
    """Refuse to train some chunks where they need more than `available` bytes on disk, by default
    what is free where `folder` is."""
    available = free(folder) if available is None else available
    needs = disk(plan, chunks)
    if needs > available:
        raise RefusedError(
            f"{folder}: what is left to train needs about {bytes_text(needs)} of disk, and "
            f"{bytes_text(available)} are free. Make room, choose another disk with --out, or use "
            "fewer values or seeds."
        )
