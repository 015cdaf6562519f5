"""What a plan needs on disk: refused with an estimate, before anything is computed."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import jax

from toysup import grid, train
from toysup.batch.job import setup_of
from toysup.errors import RefusedError
from toysup.grid.limits import row_values
from toysup.resources.disk import free
from toysup.resources.units import bytes_text

# Measured of 40 runs. A part with one row has 58,000 bytes. Beyond that a number takes 8 in the
# parts and 6 in the results, which are written while the parts are there.
PART_BYTES, VALUE_BYTES = 60_000, 16


def disk(plan: grid.Plan, chunks: Iterable[grid.Chunk]) -> int:
    """About how many bytes some chunks of a plan and their results take."""
    recorded = len(plan.sweep.record)

    @cache
    def values(place: int) -> int:
        """The numbers of an instance of a stack."""
        stack = plan.stacks[place]
        return row_values(stack, recorded) * sets_of_directions(plan, stack)

    return sum(PART_BYTES + VALUE_BYTES * chunk.instances * values(chunk.stack) for chunk in chunks)


def sets_of_directions(plan: grid.Plan, stack: grid.Stack) -> int:
    """How many rows an instance has: one for its encoder, one for an untied decoder, and so on."""
    setup = setup_of(plan.conditions[stack.conditions[0]])

    def codes(setup, key):
        return setup.objective.codes(train.init(setup, key).model)

    return len(jax.eval_shape(codes, setup, jax.eval_shape(jax.random.key, 0)))


def check_disk(
    plan: grid.Plan, chunks: Iterable[grid.Chunk], folder: Path, available: float | None = None
) -> None:
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
