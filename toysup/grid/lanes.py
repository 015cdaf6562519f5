"""How many conditions run side by side, and how many at a time."""

import itertools
import math

from toysup.grid.limits import workspace_bytes

# What a group works on should stay in the cache of one core, or every step waits for memory.
# Fixed, not asked of the machine: the size of a group decides the rounding.
CACHE_BYTES = 2.6 * 2**20
# XLA compiles a single lane to another program; beyond 8 padding costs more than it saves.
SMALLEST_GROUP, LARGEST_GROUP = 2, 8
# Smaller chunks save progress more often, and a seed's draws are spread thin by then.
MAX_LANES = 64
# A chunk takes a quarter of a second beside training. Where many chunks train for less than a
# second, as in phase diagrams, they get more seeds, until they train for two or three.
MANY_CHUNKS, MOST_SEEDS = 100, 16
QUICK = 3e10  # bytes that the steps of a chunk work on


def group_size(objective: str, encoder: str, static: dict) -> int:
    """The lanes trained at a time: a power of two, by what one of them works on alone.

    It does not depend on how many conditions there are, so that new ones change no old result.
    """
    fit = CACHE_BYTES / max(1, workspace_bytes(objective, encoder, static))
    power = 2 ** int(math.log2(max(fit, 1)))
    return min(max(power, SMALLEST_GROUP), LARGEST_GROUP)


def lanes(length: int, group: int) -> int:
    """The lanes of each chunk of a stack of `length` conditions: whole groups."""
    longest = math.ceil(length / math.ceil(length / MAX_LANES))
    return group * math.ceil(longest / group)


def blocks(sequence: tuple, lanes: int) -> list[tuple]:
    """A sequence cut into as few blocks as `lanes` allow, no two lengths more than one apart."""
    number = math.ceil(len(sequence) / lanes)
    short, longer = divmod(len(sequence), number)
    ends = itertools.accumulate(short + (i < longer) for i in range(number))
    return [sequence[start:end] for start, end in itertools.pairwise([0, *ends])]


def seeds_at_once(plan, least: int) -> int:
    """How many seeds the chunks of a plan should have: `least`, or more where many are quick."""
    seeds = len(plan.sweep.seeds)
    longest = max(
        stack.lanes
        * stack.static["steps"]
        * max(1, workspace_bytes(stack.objective, stack.encoder, stack.static))
        for stack in plan.stacks
    )
    most = min(int(QUICK / longest), seeds, MOST_SEEDS)
    if len(plan.chunks) <= MANY_CHUNKS or most <= least:
        return least
    return math.ceil(seeds / math.ceil(seeds / most))  # chunks of one length compile once
