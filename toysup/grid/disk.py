"""What a plan needs on disk: refused with an estimate, before anything is computed."""

from collections.abc import Iterable
from pathlib import Path

from toysup.errors import RefusedError
from toysup.grid.limits import row_values
from toysup.resources.disk import free
from toysup.resources.units import bytes_text

# Measured of 40 runs. A part with one row has 58,000 bytes. Beyond that a number takes 8 in the
# parts and 6 in the results, which are written while the parts are there.
PART_BYTES, VALUE_BYTES = 60_000, 16


def disk(plan, chunks: Iterable) -> int:
    """About how many bytes some chunks of a plan and their results take, with one set of directions
    each: a second one, as of an untied decoder, takes as much again."""
    recorded, bytes_needed = len(plan.sweep.record), 0
    for chunk in chunks:
        values = chunk.instances * row_values(plan.stacks[chunk.stack], recorded)
        bytes_needed += PART_BYTES + VALUE_BYTES * values
    return bytes_needed


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
