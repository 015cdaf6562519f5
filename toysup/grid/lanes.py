"""How many conditions run side by side: as many as the cache of one core holds, in equal blocks."""

import itertools
import math

from toysup.grid.limits import workspace_bytes

# What a chunk's lanes work on at once should stay in the cache of one core, or else every step
# waits for memory. Fixed, not asked of the machine: the number of lanes decides the rounding.
CACHE_BYTES = 4 * 2**20
# XLA compiles a single lane to another program, which rounds differently.
MIN_LANES = 2
# By 64 lanes the cost of a step that is independent of the work is spread thin enough, and
# smaller chunks save progress more often.
MAX_LANES = 64


def lanes(objective: str, static: dict, length: int) -> int:
    """The lanes of each chunk of a stack of `length` conditions: its longest block, or padding."""
    cap = CACHE_BYTES // max(1, workspace_bytes(objective, static))
    cap = min(max(cap, MIN_LANES), MAX_LANES)
    return max(MIN_LANES, math.ceil(length / math.ceil(length / cap)))


def blocks(sequence: tuple, lanes: int) -> list[tuple]:
    """A sequence cut into as few blocks as `lanes` allow, no two lengths more than one apart."""
    number = math.ceil(len(sequence) / lanes)
    short, longer = divmod(len(sequence), number)
    ends = itertools.accumulate(short + (i < longer) for i in range(number))
    return [sequence[start:end] for start, end in itertools.pairwise([0, *ends])]
