"""Whether a claim's quantifier suits the number of its conditions."""

import math
from typing import Any

from toysup.spec import selection
from toysup.spec.claim import BY_SHARE, EXACT, SMALLEST_GRID, Quantifier
from toysup.spec.selection import UNCHECKED, Selection, Space


def quantifier_fault(values: dict[str, Any], spaces: list[Space]) -> str | None:
    """Why "every", "some" or "no" does not suit a large grid; None if the quantifier is fine.

    `values` has the claim's checked keys. A condition with several sets of directions counts once.
    """
    holds = values.get("holds", Quantifier.EVERY)
    if holds not in EXACT or "theory" in values or "correlates" in values:
        return None
    count = count_conditions(values, spaces)
    if count < SMALLEST_GRID:
        return None
    noun = "curves" if "crosses" in values else "conditions"
    return (
        f'is "{holds}" of {count} {noun}. From {SMALLEST_GRID} on, use '
        f"{', '.join(BY_SHARE[:-1])} or {BY_SHARE[-1]}, which are decided by shares: existence "
        "over a large grid is not support."
    )


def count_conditions(values: dict[str, Any], spaces: list[Space]) -> int:
    """The number of conditions that a claim is about, or of its curves over conditions."""
    here = selection.restrict(spaces, values["rows"])
    if along := values.get("along"):
        return sum(count_combinations(s, (along,)) for s in here if along in s)
    other: Selection = values.get("than") or values.get("reference") or {}
    itself = selection.restrict(here, other) if other and UNCHECKED not in other else []
    return sum(map(count_combinations, here)) - sum(map(count_combinations, itself))


def count_combinations(space: Space, without: tuple[str, ...] = ()) -> int:
    """The number of combinations of values in a space."""
    left = (values for name, values in space.items() if name not in (UNCHECKED, *without))
    return math.prod(map(len, left))
