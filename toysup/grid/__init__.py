"""A Sweep -> its conditions, the stacks that compile together, the chunks that run together.

Plain Python. The plan depends on the sweep alone and never on the machine, apart from how many
seeds a chunk has, which changes nothing that is trained. How much memory a plan may need is in
`limits.py`, which asks the machine how much there is.
"""

import hashlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from toysup.grid.conditions import Condition, conditions, static_names
from toysup.grid.lanes import blocks, group_size, lanes
from toysup.grid.listing import check_listing
from toysup.spec import Sweep, recast
from toysup.spec.cases import Case
from toysup.spec.difference import difference as difference

Static = tuple[tuple[str, Any], ...]  # settings by name
# What a sweep says about itself does not change what it computes.
WORDS = ("name", "title", "question", "pictures", "claims")


@dataclass(frozen=True)
class Stack:
    """Conditions that one compiled program trains: equal plugins, equal static settings.

    `conditions` are places in the plan's conditions; every chunk of the stack has
    `lanes` lanes, or fewer once the run has grown, and works on `group` of them at a time.
    """

    id: str
    objective: str
    features: str
    views: str | None
    encoder: str
    static: dict
    conditions: tuple[int, ...]
    lanes: int
    group: int


@dataclass(frozen=True)
class Chunk:
    """What runs together and is written together: some conditions of a stack, and some seeds.

    `stack` is a place in the plan's stacks. Lanes beyond the conditions are padding.
    """

    id: str
    stack: int
    conditions: tuple[int, ...]
    seeds: tuple[int, ...]
    lanes: int

    @property
    def instances(self) -> int:
        """How many models are trained."""
        return len(self.conditions) * len(self.seeds)


@dataclass(frozen=True)
class Plan:
    """The whole of the work, fixed before it starts.

    `group` is how many lanes were asked to train side by side; None where the sizes decide.
    `growth` is how often the run grew; see `growth.py`.
    """

    sweep: Sweep
    seeds_per_chunk: int
    group: int | None
    conditions: tuple[Condition, ...]
    stacks: tuple[Stack, ...]
    chunks: tuple[Chunk, ...]
    growth: int = 0

    @property
    def instances(self) -> int:
        """How many models are trained."""
        return sum(chunk.instances for chunk in self.chunks)

    @property
    def steps(self) -> int:
        """How many optimiser steps all instances take together."""
        return sum(chunk.instances * self.steps_of(chunk) for chunk in self.chunks)

    def steps_of(self, chunk: Chunk) -> int:
        """How many optimiser steps an instance of a chunk takes."""
        return self.conditions[chunk.conditions[0]].settings["steps"]

    @property
    def hash(self) -> str:
        """Names what is computed, whatever it is called and however it is cut into chunks."""
        content = {k: v for k, v in self.sweep.to_json().items() if k not in WORDS}
        canonical = json.dumps(content, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    def to_json(self) -> dict:
        """The plan as plain data. Conditions are left out: they follow from the sweep."""
        return {
            "hash": self.hash,
            "sweep": self.sweep.to_json(),
            "seeds_per_chunk": self.seeds_per_chunk,
            "group": self.group,
            "stacks": [recast(asdict(stack), tuple, list) for stack in self.stacks],
            "chunks": [recast(asdict(chunk), tuple, list) for chunk in self.chunks],
        }


def plan(sweep: Sweep, seeds_per_chunk: int = 2, group: int | None = None) -> Plan:
    """Cut a sweep into stacks and chunks; RefusedError when it is too large to list.

    `group` lanes train side by side, by default as many as fit the cache.
    """
    check_listing(sweep)
    every = conditions(sweep)
    stacks = tuple(stacks_of(every, group))
    chunks = tuple(
        chunk
        for number, stack in enumerate(stacks)
        for chunk in chunks_of(number, stack, sweep.seeds, seeds_per_chunk)
    )
    return Plan(sweep, seeds_per_chunk, group, every, stacks, chunks)


def stacks_of(every: tuple[Condition, ...], group: int | None) -> Iterator[Stack]:
    """The conditions sorted by what compiles together, in the order of their first ones."""
    groups: dict[tuple[Case, Static], list[int]] = {}
    for place, c in enumerate(every):
        case = c.objective, c.features, c.views, c.encoder
        static = tuple((name, c.settings[name]) for name in static_names(*case))
        groups.setdefault((case, static), []).append(place)
    digits = max(2, len(str(len(groups) - 1)))
    for number, ((case, static), places) in enumerate(groups.items()):
        name = f"{case[0]}-{number:0{digits}d}"
        together = group or group_size(case[0], case[3], dict(static))
        wide = lanes(len(places), together)
        yield Stack(name, *case, dict(static), tuple(places), wide, together)


def chunks_of(number: int, stack: Stack, seeds: tuple[int, ...], size: int) -> Iterator[Chunk]:
    """The chunks of a stack: blocks of conditions times blocks of `size` seeds."""
    seed_blocks = [seeds[start : start + size] for start in range(0, len(seeds), size)]
    condition_blocks = blocks(stack.conditions, stack.lanes)
    digits = max(3, len(str(max(len(seed_blocks), len(condition_blocks)) - 1)))
    for (i, places), (j, some) in itertools.product(
        enumerate(condition_blocks), enumerate(seed_blocks)
    ):
        name = f"{stack.id}-c{i:0{digits}d}-s{j:0{digits}d}"
        yield Chunk(name, number, places, some, stack.lanes)


def outline(work: Plan) -> dict:
    """What a plan would do, as plain data: its size, and each of its stacks.

    A stack's `lanes` are those that train side by side, as `--lanes` sets them.
    """
    names = ("id", "objective", "features", "views", "encoder", "static")
    return {
        "name": work.sweep.name,
        "title": work.sweep.title,
        "hash": work.hash,
        "conditions": len(work.conditions),
        "seeds": len(work.sweep.seeds),
        "instances": work.instances,
        "steps": work.steps,
        "chunks": len(work.chunks),
        "stacks": [
            {name: getattr(stack, name) for name in names}
            | {"conditions": len(stack.conditions), "lanes": stack.group}
            for stack in work.stacks
        ],
        "varies": varies(work),
    }


def varies(work: Plan) -> dict[str, list]:
    """The settings that take several values within one stack, with all of their values."""
    found: dict[str, dict] = {}
    for stack in work.stacks:
        members = [work.conditions[place].settings for place in stack.conditions]
        for name in members[0]:
            values = dict.fromkeys(settings[name] for settings in members)
            if len(values) > 1:
                found[name] = found.get(name, {}) | values
    return {name: list(values) for name, values in found.items()}
