"""An objective as a sentence's subject: its conditions, and which of them count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from toysup.report.labels import MINIMISES, OPEN, UNJUDGED, Label
from toysup.report.lines import case_of
from toysup.report.prose.phrases import Case, Space, space


@dataclass(frozen=True)
class Labelled:
    """A condition in the answer: the settings that vary within its objective, and its label."""

    condition: int
    case: Case
    label: Label
    superposition: bool
    idle: str  # why it counts for nothing although it may be judged: see `Stake`

    @property
    def uncounted(self) -> str:
        """Why it counts neither for nor against anything; "" where it counts."""
        return self.label.value if self.label in UNJUDGED else self.idle


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
    def counting(self) -> list[Labelled]:
        return [m for m in self.members if not m.uncounted]

    @property
    def minimising(self) -> list[Labelled]:
        return [m for m in self.counting if m.label in MINIMISES]

    @property
    def falling_short(self) -> list[Labelled]:
        """Those of which it is known that they do not minimise."""
        return [m for m in self.counting if m.label not in MINIMISES and m.label not in OPEN]

    @property
    def never(self) -> bool:
        """Whether it is known of all that count, one at least, that they do not minimise."""
        return 0 < len(self.counting) == len(self.falling_short)

    @property
    def room(self) -> Space:
        return space([m.case for m in self.members])


def conditions(members: Iterable[Labelled]) -> int:
    """How many conditions there are, of which each may have several sets of directions."""
    return len({m.condition for m in members})


def objectives(some: Iterable[Subject]) -> int:
    """How many objectives there are, of which each may have several sets of directions."""
    return len({s.of[0] for s in some})


def once(every: list[Subject]) -> list[Subject]:
    """The subjects, with sets of directions of an objective that agree everywhere as one.

    The two towers of a model that do the same are no second piece of evidence.
    """
    groups: dict[str, list[Subject]] = {}
    for subject in every:
        groups.setdefault(subject.of[0], []).append(subject)
    found = []
    for objective, own in groups.items():
        labels = {tuple((m.condition, m.label, m.uncounted) for m in s.members) for s in own}
        found += own if len(labels) > 1 else [replace(own[0], name=objective)]
    return found


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
            Labelled(v.condition, case_of(v), v.label, v.superposed, v.stake.idle) for v in members
        )
        found.append(Subject(name, tuple(labelled), (objective, directions)))
    return found
