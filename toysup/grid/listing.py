"""How many instances a sweep may have: as many as a plan can list in memory."""

from toysup.errors import RefusedError
from toysup.grid.conditions import count, count_stacks
from toysup.resources import container
from toysup.resources.units import bytes_text
from toysup.spec import Sweep
from toysup.spec.axes import INSTANCE_BYTES

# Measured, with the manifest that is written of it: 750 bytes for a condition of one seed, 490 for
# an instance where each chunk has two of them, and 3,000 more where a condition is a stack of its
# own.
CONDITION_BYTES, STACK_BYTES = 1000, 3000


def check_listing(sweep: Sweep, available: float | None = None) -> None:
    """Refuse a grid whose plan needs more than `available` bytes, by default all that this process
    may have, before it is listed."""
    available = container.memory() if available is None else available
    instances, seeds = count(sweep), len(sweep.seeds)
    conditions = instances // seeds
    needs = conditions * CONDITION_BYTES + instances * INSTANCE_BYTES
    needs += count_stacks(sweep) * STACK_BYTES
    if needs > available:
        raise RefusedError(
            f"{sweep.name}: {instances:,} instances ({conditions:,} conditions x {seeds:,} seeds) "
            f"need about {bytes_text(needs)} of memory to be listed, and there are "
            f"{bytes_text(available)}. Use fewer values or seeds."
        )
