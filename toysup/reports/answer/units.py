"""What the answer counts: conditions, once each where all sets of directions agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toysup.reports.labels import MINIMISES, OPEN, UNJUDGED, Label
from toysup.reports.lines import full_case

PENTAGON = (5, 2)  # the one size above two features a dimension whose best packing has a name
REGULAR = 0.95  # of the index, from which a code is called by the name of its best packing


@dataclass(frozen=True)
class Unit:
    """A condition, or one set of its directions where its sets have different labels."""

    objective: str
    settings: dict[str, Any]  # with views, features, encoder, directions; None where there is none
    label: Label
    idle: str  # why it is not counted, although it may be judged: see `Stake`
    seeds: int
    is_pentagon: bool

    @property
    def uncounted(self) -> str:
        """Why it is not counted; "" if it is."""
        return self.label.value if self.label in UNJUDGED else self.idle

    @property
    def minimises(self) -> bool | None:
        """None where the best packing is not known well enough to tell."""
        return None if self.label in OPEN else self.label in MINIMISES


def units(verdicts: Sequence) -> list[Unit]:
    """Every unit in the order of the sweep. Two towers that do the same are one."""
    conditions: dict[int, list] = {}
    for v in verdicts:
        conditions.setdefault(v.condition, []).append(v)
    found = []
    for members in conditions.values():
        agree = len({(v.label, v.stake.idle) for v in members}) == 1
        found += [unit(v) for v in (members[:1] if agree else members)]
    return found


def unit(verdict) -> Unit:
    regular = verdict.minimisation_index.value >= REGULAR and verdict.label in MINIMISES
    return Unit(
        objective=verdict.objective,
        settings=full_case(verdict),
        label=verdict.label,
        idle=verdict.stake.idle,
        seeds=verdict.seeds,
        is_pentagon=regular and (verdict.n_represented, verdict.d_hidden) == PENTAGON,
    )
