"""An objective as a sentence's subject: its conditions, and words for where some of them are."""

from collections.abc import Sequence
from dataclasses import dataclass

from toysup.report.labels import MINIMISES, UNJUDGED, Label, is_even
from toysup.report.lines import case_of
from toysup.report.phrases import Case, Space, space
from toysup.report.regions import where


@dataclass(frozen=True)
class Labelled:
    """A condition in the answer: the settings that vary within its objective, and its label."""

    case: Case
    label: Label
    superposition: bool
    even: bool = False  # minimising as a tight frame, short of the best packing


@dataclass(frozen=True)
class Subject:
    """An objective as the answer names it, with its conditions."""

    name: str
    members: tuple[Labelled, ...]
    of: tuple[str, str]  # the objective, and its set of directions

    def names(self, verdict) -> bool:
        """Whether a verdict is about it: those that are come in the order of the members."""
        return (verdict.objective, verdict.directions) == self.of

    @property
    def judged(self) -> list[Labelled]:
        return [m for m in self.members if m.label not in UNJUDGED]

    @property
    def minimising(self) -> list[Labelled]:
        return [m for m in self.members if m.label in MINIMISES]

    @property
    def room(self) -> Space:
        return space([m.case for m in self.members])

    def where(self, chosen: list[Labelled], among: list[Labelled], longest: int) -> str:
        here = {id(m) for m in chosen}
        rest = [m.case for m in among if id(m) not in here]
        return where([m.case for m in chosen], rest, self.room, longest)


def subjects(verdicts: Sequence) -> list[Subject]:
    """The objectives in the sweep's order; each set of directions apart where there are several."""
    groups: dict[tuple, list] = {}
    for v in verdicts:
        groups.setdefault((v.objective, v.directions), []).append(v)
    several = {o for o, _ in groups if sum(other == o for other, _ in groups) > 1}
    found = []
    for (objective, directions), members in groups.items():
        name = f"{objective} ({directions} directions)" if objective in several else objective
        labelled = (
            Labelled(case_of(v), v.label, v.n_represented > v.n_active, is_even(v)) for v in members
        )
        found.append(Subject(name, tuple(labelled), (objective, directions)))
    return found
