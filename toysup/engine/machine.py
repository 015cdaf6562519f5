"""jax as the machine at hand wants it: its devices, and a plan that keeps them busy."""

from collections.abc import Collection

from toysup import grid
from toysup.engine import compilation, environment
from toysup.errors import ToysupError
from toysup.grid.growth import grow
from toysup.grid.lanes import seeds_at_once
from toysup.grid.part import part
from toysup.resources.container import cores
from toysup.spec import Sweep

CARD_SEEDS = 32  # in a chunk, for each card


def configure(devices: int | None = None, compiles: bool = True) -> int:
    """Start jax, if it does not run yet, and have it keep what it compiles; the number of cores or
    cards to use. Where nothing is compiled, what is kept is left alone: reading it takes a second.
    """
    import jax

    environment.start(cores())
    if compiles:
        compilation.keep()
    there = jax.local_device_count()
    if devices and devices > there:
        kind = jax.local_devices()[0].device_kind
        raise ToysupError(
            f"--devices {devices}: there are only {there} here ({kind}). Use 1 to {there}."
        )
    return devices or there


def configure_workers(devices: int | None = None) -> int:
    """Start jax as in `configure`; the number of cores or cards that each of many workers uses.

    By default it is one card, or the fewest devices of a processor that round as several do.
    """
    import jax

    configure()
    return devices or (2 if jax.default_backend() == "cpu" else 1)


def plan_for(
    sweep: Sweep, devices: int, lanes: int | None = None, old: grid.Plan | None = None
) -> grid.Plan:
    """A plan with as many seeds in a chunk as keep the devices busy: of the whole sweep, or of what
    it has beside an `old` plan.

    ToysupError when a plug-in from a file cannot do its part.
    """

    def planned(seeds: int) -> grid.Plan:
        return grow(old, sweep, seeds) if old else grid.plan(sweep, seeds, lanes)

    least = least_seeds(devices)
    plan = planned(least)
    seeds = seeds_at_once(plan, least)
    return tried(plan if seeds == least else planned(seeds))


def part_for(whole: grid.Plan, chosen: Collection[int], devices: int) -> grid.Plan:
    """The plan of some conditions of a plan."""
    return tried(part(whole, chosen, least_seeds(devices)))


def least_seeds(devices: int) -> int:
    """As many seeds in a chunk as keep the devices busy."""
    import jax

    cpu = jax.local_devices()[0].platform == "cpu"
    return max(2, devices if cpu else CARD_SEEDS * devices)


def tried(plan: grid.Plan) -> grid.Plan:
    """A plan whose plug-ins from files can do their part."""
    from toysup.batch.trial import try_out

    try_out(plan)
    return plan
