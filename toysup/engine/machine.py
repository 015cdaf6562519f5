"""jax as the machine at hand wants it: its devices, and a plan that keeps them busy."""

from toysup import grid
from toysup.engine import compilation, environment
from toysup.errors import ToysupError
from toysup.grid.container import cores
from toysup.grid.growth import grow
from toysup.spec import Sweep

CARD_SEEDS = 32  # in a chunk, for each card


def configure(devices: int | None = None) -> int:
    """Start jax, if it does not run yet, and have it keep what it compiles; the number of cores or
    cards to use."""
    import jax

    environment.start(cores())
    compilation.keep()
    there = jax.local_device_count()
    if devices and devices > there:
        kind = jax.local_devices()[0].device_kind
        raise ToysupError(
            f"--devices {devices}: there are only {there} here ({kind}). Use 1 to {there}."
        )
    return devices or there


def plan_for(
    sweep: Sweep, devices: int, lanes: int | None = None, old: grid.Plan | None = None
) -> grid.Plan:
    """A plan with as many seeds in a chunk as keep the devices busy: of the whole sweep, or of what
    it has beside an `old` plan.

    ToysupError when a plug-in from a file cannot do its part.
    """
    import jax

    from toysup.batch.trial import try_out

    at_once = devices if jax.local_devices()[0].platform == "cpu" else CARD_SEEDS * devices
    seeds = max(2, at_once)
    made = grow(old, sweep, seeds) if old else grid.plan(sweep, seeds, lanes)
    try_out(made)
    return made
