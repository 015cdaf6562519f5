"""An objective as a sentence's subject: its conditions, and which of them count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from toysup.report.labels import MINIMISES, OPEN, UNJUDGED, Label
from toysup.report.lines import case_of
from toysup.report.prose.phrases import Case, Varying, varying


@dataclass(frozen=True)
class LabelledCondition:
    """A condition in the answer: the settings that vary within its objective, and its label."""

    condition: int
    case: Case
    label: Label
    superposition: bool
    idle: str  # why it is not counted, although it may be judged: see `Stake`

    @property
    def uncounted(self) -> str:
        """Why it is not counted; "" if it is."""
        return self.label.value if self.label in UNJUDGED else self.idle


@dataclass(frozen=True)
class Subject:
    """An objective as the answer names it, with its conditions."""

    name: str
    members: tuple[LabelledCondition, ...]
    key: tuple[str, str]  # the objective, and its set of directions

    def is_about(self, verdict) -> bool:
        """Whether a verdict is about it. Such verdicts are in the order of the members."""
        return (verdict.objective, verdict.directions) == self.key

    @property
    def counting(self) -> list[LabelledCondition]:
        return [m for m in self.members if not m.uncounted]

    @property
    def minimising(self) -> list[LabelledCondition]:
        return [m for m in self.counting if m.label in MINIMISES]

    @property
    def falling_short(self) -> list[LabelledCondition]:
        """The conditions that are known not to minimise."""
        return [m for m in self.counting if m.label not in MINIMISES and m.label not in OPEN]

    @property
    def never(self) -> bool:
        """Whether all conditions that count, at least one, are known not to minimise."""
        return 0 < len(self.counting) == len(self.falling_short)

    @property
    def varying(self) -> Varying:
        return varying([m.case for m in self.members])


def conditions(members: Iterable[LabelledCondition]) -> int:
    """The number of conditions. One with several sets of directions counts once."""
    return len({m.condition for m in members})


def objectives(some: Iterable[Subject]) -> int:
    """The number of objectives. One with several sets of directions counts once."""
    return len({s.key[0] for s in some})


def merge_equal_directions(every: list[Subject]) -> list[Subject]:
    """The subjects; sets of directions of an objective that agree everywhere become one.

    Two towers of a model that do the same are one piece of evidence.
    """
    groups: dict[str, list[Subject]] = {}
    for subject in every:
        groups.setdefault(subject.key[0], []).append(subject)
    found = []
    for objective, same_objective in groups.items():
        labels = {
            tuple((m.condition, m.label, m.uncounted) for m in s.members) for s in same_objective
        }
        found += same_objective if len(labels) > 1 else [replace(same_objective[0], name=objective)]
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
            LabelledCondition(v.condition, case_of(v), v.label, v.superposed, v.stake.idle)
            for v in members
        )
        found.append(Subject(name, tuple(labelled), (objective, directions)))
    return found
