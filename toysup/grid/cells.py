"""The identity of a cell: a hash of everything that its rows depend on.

A cell is a condition with a seed. Code, libraries and the kind of machine are left out: a whole run
has the same ones. Where a cell stands in its grid is left out too, as nothing depends on it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping

from toysup.grid import Plan
from toysup.grid.conditions import Condition


def cells(plan: Plan, data: Mapping[str, str]) -> Iterator[str]:
    """The identity of each cell of a plan; `data` has the digests of its data files by path.

    One run can grow into another sweep if each of its cells is among those of the sweep.
    """
    sweep = plan.sweep
    for stack in plan.stacks:
        for place in stack.conditions:
            condition = plan.conditions[place]
            used = {*condition.plugins, *(p[:2] for p in sweep.plugins if p[0] == "metrics")}
            files = [data.get(v) for v in condition.settings.values() if isinstance(v, str)]
            sources = sorted(plugin for plugin in sweep.plugins if plugin[:2] in used)
            how = [sweep.seed, sweep.measure, sweep.record, stack.group, sources, files]
            about = text([condition_text(condition), how])
            for seed in sweep.seeds:
                yield hashlib.sha256(f"{about} {seed}".encode()).hexdigest()


def condition_text(condition: Condition) -> str:
    """A condition in a text that no other condition has."""
    return text([condition.plugins, condition.settings])


def text(value) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)
