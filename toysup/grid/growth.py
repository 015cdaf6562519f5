"""A plan that grows: its chunks stay, and beside them stand those of the cells that are new.

So a grown plan follows from the sweeps that it grew through, as a plan follows from its sweep.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from toysup.grid import Chunk, Plan, Stack, plan
from toysup.grid.cells import condition_text
from toysup.grid.lanes import blocks, lanes
from toysup.spec import Sweep
from toysup.spec.tables import FAMILIES


def names_stay(old: Sweep, new: Sweep) -> bool:
    """Whether a sweep has every plug-in of an old one: only then are the old one's cells known."""
    return all(set(getattr(old, family)) <= set(getattr(new, family)) for family in FAMILIES)


def grow(old: Plan, sweep: Sweep, seeds_per_chunk: int) -> Plan:
    """The plan of a sweep that has all cells of an old plan: its chunks, and chunks of the rest.

    An old chunk keeps its name, lanes and cells; only the numbers of its conditions and of its
    stack are now those of the new plan. ValueError where the sweep lacks a condition or a seed.
    """
    new = plan(sweep, seeds_per_chunk, old.group)
    place = places(old, new)
    if not set(old.sweep.seeds) <= set(sweep.seeds):
        raise ValueError("a seed of the old plan is not in the new one")
    stack_of = {c: number for number, stack in enumerate(new.stacks) for c in stack.conditions}
    there: dict[int, set[int]] = {}
    chunks = []
    for chunk in old.chunks:
        conditions = tuple(place[c] for c in chunk.conditions)
        chunks.append(replace(chunk, stack=stack_of[conditions[0]], conditions=conditions))
        for condition in conditions:
            there.setdefault(condition, set()).update(chunk.seeds)
    growth = old.growth + 1
    for number, stack in enumerate(new.stacks):
        left = missing(stack, sweep.seeds, there)
        chunks += chunks_of_rest(number, stack, left, seeds_per_chunk, f"g{growth}")
    wide: dict[int, int] = {}
    for chunk in chunks:
        wide[chunk.stack] = max(chunk.lanes, wide.get(chunk.stack, 0))
    stacks = tuple(replace(stack, lanes=wide[i]) for i, stack in enumerate(new.stacks))
    return replace(new, stacks=stacks, chunks=tuple(chunks), growth=growth)


def places(old: Plan, new: Plan) -> dict[int, int]:
    """The number of each condition of an old plan -> its number in a new one. KeyError without."""
    number = {condition_text(condition): i for i, condition in enumerate(new.conditions)}
    return {i: number[condition_text(condition)] for i, condition in enumerate(old.conditions)}


def missing(
    stack: Stack, seeds: Sequence[int], there: dict[int, set[int]]
) -> dict[tuple[int, ...], list[int]]:
    """The conditions of a stack that lack seeds, by the seeds that they lack."""
    left: dict[tuple[int, ...], list[int]] = {}
    for condition in stack.conditions:
        lacking = tuple(seed for seed in seeds if seed not in there.get(condition, ()))
        if lacking:
            left.setdefault(lacking, []).append(condition)
    return left


def chunks_of_rest(
    number: int, stack: Stack, left: dict[tuple[int, ...], list[int]], size: int, suffix: str
) -> Iterator[Chunk]:
    """Chunks of what a stack lacks, with no more lanes than that needs."""
    wanted = [
        (block, seeds, wide)
        for seeds, conditions in left.items()
        for wide in [lanes(len(conditions), stack.group)]
        for block in blocks(tuple(conditions), wide)
    ]
    for i, (block, seeds, wide) in enumerate(wanted):
        for j, start in enumerate(range(0, len(seeds), size)):
            name = f"{stack.id}-c{i:03d}-s{j:03d}-{suffix}"
            yield Chunk(name, number, block, seeds[start : start + size], wide)


def from_json(last: dict, earlier: Sequence[dict] = ()) -> list[Plan]:
    """The plans that a run grew through, from the first to the `last`, each made again from its
    sweep. ValueError or KeyError where the last is not the one that they lead to."""
    plans = remade([*earlier, last], last["group"])
    if plans[-1].to_json() != last:  # names of files and numbers of seeds are never taken from it
        raise ValueError("the plan is not that of its sweeps")
    return plans


def remade(stages: Sequence[dict], group: int | None) -> list[Plan]:
    """The plans that a run grew through, each made again from its `sweep` and `seeds_per_chunk`.
    ValueError or KeyError where one does not lead to the next."""
    sweeps = [Sweep.from_json(stage["sweep"]) for stage in stages]
    if not all(names_stay(old, new) for old, new in itertools.pairwise(sweeps)):
        raise ValueError("a sweep lacks a plug-in of the one before it")
    plans = [plan(sweeps[0], stages[0]["seeds_per_chunk"], group)]
    for sweep, stage in zip(sweeps[1:], stages[1:], strict=True):
        plans.append(grow(plans[-1], sweep, stage["seeds_per_chunk"]))
    return plans
