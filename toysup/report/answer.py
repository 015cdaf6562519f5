"""The verdicts in one paragraph of plain English, whatever the sweep was."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from toysup.report.labels import LOOKS, MINIMISES, UNJUDGED, Label
from toysup.report.regions import Case, Space, information, said, space, where
from toysup.report.words import PROBABILITY, counted, joined, spoken

WHY = {
    Label.NOT_CONVERGED: "training had not converged",
    Label.DIVERGED: "a seed diverged",
    Label.UNDEFINED: "fewer than two features are represented",
}
MAIN, ASIDE, EXCUSE = 420, 130, 70  # letters that a place may take, by what it is the place of


@dataclass(frozen=True)
class Labelled:
    """A condition in the answer: the settings that vary within its objective, and its label."""

    case: Case
    label: Label
    superposition: bool


@dataclass(frozen=True)
class Subject:
    """An objective as the answer names it, with its conditions."""

    name: str
    members: tuple[Labelled, ...]

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
    from toysup.report.lines import case_of

    groups: dict[tuple, list] = {}
    for v in verdicts:
        groups.setdefault((v.objective, v.directions), []).append(v)
    several = {o for o, _ in groups if sum(other == o for other, _ in groups) > 1}
    found = []
    for (objective, directions), members in groups.items():
        name = f"{objective} ({directions} directions)" if objective in several else objective
        labelled = (Labelled(case_of(v), v.label, v.n_represented > v.d_hidden) for v in members)
        found.append(Subject(name, tuple(labelled)))
    return found


def comma(words: str, mark: str = ":") -> str:
    return f"{mark} {words}" if words else ""


def bracketed(words: str) -> str:
    return f" ({words})" if words else ""


def minimising(subject: Subject, first: bool) -> str:
    """In how many of its judged conditions an objective's directions minimise, and where."""
    judged, chosen, total = subject.judged, subject.minimising, len(subject.members)
    who = f"Under {subject.name}, "
    they = "features take interference-minimising directions" if first else "they do"
    if not judged:
        none = f"none of the {counted(total, 'condition')}" if total > 1 else "the one condition"
        return f"{who}{none} could {'not ' if total == 1 else ''}be judged."
    could = "" if len(judged) == total else " that could be judged"
    if total == 1:
        extent = "in its one condition"
    elif len(judged) == 1:
        extent = f"in the one condition{could}"
    elif len(chosen) == len(judged):
        extent = f"in {'both' if len(judged) == 2 else f'all {len(judged)}'} conditions{could}"
    elif chosen:
        extent = f"in {len(chosen)} of {len(judged)} conditions{could}"
    else:
        neither = "either" if len(judged) == 2 else "any"
        extent = f"in {neither} of {len(judged)} conditions{could}"
    if not chosen:
        they = "features do not take interference-minimising directions" if first else "they do not"
        return f"{who}{they} {extent}."
    place = subject.where(chosen, judged, MAIN) if len(chosen) < len(judged) else ""
    return f"{who}{they} {extent}{superposed(chosen)}{comma(place)}."


def superposed(chosen: list[Labelled]) -> str:
    """Whether minimising took more features than dimensions."""
    crowded = sum(m.superposition for m in chosen)
    if crowded == len(chosen):
        return ""
    if not crowded:
        return ", with no more features than dimensions"
    return f" ({crowded} with more features than dimensions)"


def instead(subject: Subject) -> str:
    """What the directions do in the other judged conditions."""
    judged = subject.judged
    others = [m.label for m in judged if m.label not in MINIMISES]
    parts = []
    for label in sorted(set(others), key=lambda label: (-others.count(label), label)):
        chosen = [m for m in judged if m.label == label]
        place = subject.where(chosen, judged, ASIDE)
        if len(chosen) > 1 and len(chosen) < len(judged):
            place = f"in {len(chosen)}{comma(place, ',') if '(' in place else bracketed(place)}"
        parts.append(f"{LOOKS[label].clause} {place}".strip())
    if not parts:
        return ""
    start = "Elsewhere they" if subject.minimising else "They"
    return f"{start} {'; '.join(parts)}."


def not_judged(every: list[Subject]) -> str:
    """How many conditions have no verdict, why, and where."""
    sentences = []
    for label, why in WHY.items():
        parts = []
        for subject in every:
            chosen = [m for m in subject.members if m.label == label]
            if chosen:
                place = subject.where(chosen, list(subject.members), EXCUSE)
                parts.append((len(chosen), subject.name, place, len(subject.members)))
        total = sum(count for count, *_ in parts)
        if not total:
            continue
        have = "condition has" if total == 1 else "conditions have"
        everything = all(count == of for count, _, _, of in parts) and len(parts) == len(every)
        places = joined([f"{n} under {who}{bracketed(place)}" for n, who, place, _ in parts])
        tail = "" if everything else comma(places)
        sentences.append(f"{total} {have} no verdict because {why}{tail}.")
    return " ".join(sentences)


def decides(every: list[Subject]) -> str:
    """Which settings the difference between minimising and not follows."""
    shown = [s for s in every if s.judged]
    if not shown:
        return ""
    shares = [len(s.minimising) / len(s.judged) for s in shown]
    if len(shown) > 1 and set(shares) == {1.0}:
        return "So the objective does not decide it: every one minimises wherever it was judged."
    if len(shown) > 1 and set(shares) == {0.0}:
        return "So the objective does not decide it: none minimises anywhere it was judged."
    alike: dict[str, list[str]] = {}
    for subject in shown:
        if words := follows(subject):
            alike.setdefault(words, []).append(subject.name)
    inner = "; ".join(f"within {joined(names)} {words}" for words, names in alike.items())
    if len(shown) == 1:
        return f"{inner[0].upper()}{inner[1:]}." if inner else ""
    if set(shares) == {0.0, 1.0}:
        return "So the objective decides it."
    return f"So the objective alone does not decide it{comma(inner)}."


def follows(subject: Subject) -> str:
    """The settings that decide within one objective, and how the most telling one does."""
    judged, chosen = subject.judged, subject.minimising
    if not chosen or len(chosen) == len(judged):
        return ""
    room = subject.room
    inside = [m.case for m in chosen]
    outside = [m.case for m in judged if m.label not in MINIMISES]
    sizes = range(1, len(room.names) + 1)
    every = (names for size in sizes for names in combinations(room.names, size))
    deciding = next((names for names in every if separates(names, inside, outside)), ())
    if not deciding:
        return ""
    if len(deciding) == 1:
        return f"it follows {spoken(deciding[0])} alone"
    most = max(deciding, key=lambda name: information(name, inside, outside))
    all_of = joined([spoken(name) for name in deciding])
    words = f"it takes {all_of} together to tell"
    return f"{words}, and {spoken(most)} says most ({contrast(most, inside, outside, room)})"


def separates(names: tuple[str, ...], inside: list[Case], outside: list[Case]) -> bool:
    """Whether no two conditions that agree in these settings differ in what they do."""
    here, there = ({tuple(c.get(n) for n in names) for c in cases} for cases in (inside, outside))
    return not here & there


def contrast(name: str, inside: list[Case], outside: list[Case], room: Space) -> str:
    """The values of a setting at which the directions minimise most and least often."""
    shares = {}
    values = room.values[name][::-1] if name == PROBABILITY else room.values[name]
    for value in values:
        here = sum(case.get(name) == value for case in inside)
        of = here + sum(case.get(name) == value for case in outside)
        if of:
            shares[value] = here / of, here, of
    most, least = (f(shares, key=lambda value: shares[value]) for f in (max, min))
    parts = []
    for value, verb in ((most, " minimise"), (least, "")):
        _, here, of = shares[value]
        parts.append(f"{here or 'none'} of {of}{verb} {said(name, {value}, set(values), room)}")
    return ", ".join(parts)


def answer(verdicts: Sequence) -> str:
    """One paragraph: where directions minimise interference, what they do elsewhere, and why."""
    every = subjects(verdicts)
    if not every:
        return "There is nothing to judge: the results have no rows."
    sentences = []
    for i, subject in enumerate(every):
        sentences += [minimising(subject, first=i == 0), instead(subject)]
    sentences += [not_judged(every), decides(every)]
    return " ".join(sentence for sentence in sentences if sentence)
