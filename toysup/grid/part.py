"""Some conditions of a plan, as a plan of their own: what is trained again to reproduce a run."""

import itertools
from collections.abc import Collection
from dataclasses import replace

import numpy as np

from toysup.grid import Chunk, Plan, chunks_of
from toysup.grid.lanes import lanes


def part(whole: Plan, chosen: Collection[int], seeds_per_chunk: int) -> Plan:
    """The plan of the `chosen` conditions with all seeds. Their numbers are those of the whole.

    As many lanes train side by side as in the whole plan, so that the results are the same bytes.
    """
    stacks, chunks = [], list[Chunk]()
    for stack in whole.stacks:
        kept = tuple(condition for condition in stack.conditions if condition in chosen)
        if kept:
            own = replace(stack, conditions=kept, lanes=lanes(len(kept), stack.group))
            chunks += chunks_of(len(stacks), own, whole.sweep.seeds, seeds_per_chunk)
            stacks.append(own)
    return replace(whole, stacks=tuple(stacks), chunks=tuple(chunks))


def chosen(plan: Plan, share: float, seed: int) -> tuple[int, ...]:
    """A random share of a plan's conditions: as many of each objective as it has, at least one."""
    rng = np.random.default_rng(seed)
    of_objective: dict[str, list[int]] = {}
    for number, condition in enumerate(plan.conditions):
        of_objective.setdefault(condition.objective, []).append(number)
    drawn = [rng.permutation(numbers).tolist() for numbers in of_objective.values()]
    in_turn = [n for turn in itertools.zip_longest(*drawn) for n in turn if n is not None]
    return tuple(sorted(in_turn[: max(len(drawn), round(share * len(in_turn)))]))
