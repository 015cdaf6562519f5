"""How many conditions a claim speaks of, and whether what it says of them suits so many."""

import math
from typing import Any

from toysup.spec import selection
from toysup.spec.claim import FEW, GRID, SHARES, Holds
from toysup.spec.selection import UNCHECKED, Selection, Space


def fault_of_extent(values: dict[str, Any], spaces: list[Space]) -> str | None:
    """What is wrong with a claim of all, some or none of a large grid; `values` are its checked
    keys. Conditions are counted, whatever sets of directions they have."""
    holds = values.get("holds", Holds.EVERY)
    if holds not in FEW or "theory" in values:
        return None
    count = extent(values, spaces)
    if count < GRID:
        return None
    noun = "curves" if "crosses" in values else "conditions"
    return (
        f'is "{holds}" of {count} {noun}. From {GRID} on, use {", ".join(SHARES[:-1])} or '
        f"{SHARES[-1]}, which are decided by shares: existence over a large grid is not support."
    )


def extent(values: dict[str, Any], spaces: list[Space]) -> int:
    """The number of conditions that a claim speaks of, or of its curves over conditions."""
    here = selection.narrowed(spaces, values["rows"])
    if along := values.get("along"):
        return sum(size(s, (along,)) for s in here if along in s)
    other: Selection = values.get("than") or values.get("reference") or {}
    itself = selection.narrowed(here, other) if other and UNCHECKED not in other else []
    return sum(map(size, here)) - sum(map(size, itself))


def size(space: Space, without: tuple[str, ...] = ()) -> int:
    """The number of combinations of a space."""
    left = (values for name, values in space.items() if name not in (UNCHECKED, *without))
    return math.prod(map(len, left))
