"""The devices that a chunk runs on, and how units of work are shared out over them.

Each device takes its units one after the other, so that what is worked on stays in its cache.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import jax
import jax.numpy as jnp
from jax import lax
from jax.sharding import AxisType
from jax.sharding import PartitionSpec as P

from toysup.grid import Stack
from toysup.grid.limits import step_bytes

LEAST_CARD = 8 * 2**30  # bytes of memory of a card that does not say


@dataclass(frozen=True)
class Machine:
    """What a chunk runs on: how many devices, and how many units each works on at a time."""

    devices: int
    at_once: int = 1

    @property
    def mesh(self) -> jax.sharding.Mesh:
        """The devices along one axis."""
        return mesh(self.devices)


@cache
def mesh(devices: int) -> jax.sharding.Mesh:
    chosen = jax.local_devices()[:devices]
    return jax.make_mesh((devices,), ("units",), devices=chosen, axis_types=(AxisType.Auto,))


def machine(stack: Stack, devices: int | None = None) -> Machine:
    """All devices, or some. A processor's core works on one unit at a time, as that stays in its
    cache; a card on as many as half of its memory holds."""
    devices = min(devices or jax.local_device_count(), jax.local_device_count())
    card = jax.local_devices()[0]
    if card.platform == "cpu":
        return Machine(devices)
    memory = (card.memory_stats() or {}).get("bytes_limit", LEAST_CARD)
    return Machine(devices, max(1, int(memory / 2 / step_bytes(stack))))


def map_units(machine: Machine, one_unit: Callable, *leading, needed: jax.Array | None = None):
    """`one_unit` of each unit: in parallel over devices, and on each one after the other.

    What is passed leads with (units,), as does the result. Where `needed`, (units,), is false the
    result is zeros, for which a processor computes nothing.
    """
    if needed is not None:
        one_unit, leading = where_needed(one_unit), (needed, *leading)

    def on_one_device(*leading):
        units = len(jax.tree.leaves(leading)[0])
        together = min(machine.at_once, units)
        size = together if together > 1 else None
        return lax.map(lambda unit: one_unit(*unit), leading, batch_size=size)

    spec = P("units")
    return jax.shard_map(
        on_one_device, mesh=machine.mesh, in_specs=spec, out_specs=spec, check_vma=False
    )(*leading)


def where_needed(one_unit: Callable) -> Callable:
    """`one_unit` where its first argument is true, and zeros elsewhere."""
    traced_once = jax.jit(one_unit, inline=True)

    def nothing(*unit):
        results = jax.eval_shape(traced_once, *unit)
        return jax.tree.map(lambda of: jnp.zeros(of.shape, of.dtype), results)

    return lambda needed, *unit: lax.cond(needed, traced_once, nothing, *unit)
