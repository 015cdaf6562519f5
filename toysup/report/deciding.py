"""Which settings tell where directions minimise interference, in a sentence."""

from itertools import combinations

from toysup.report.labels import MINIMISES
from toysup.report.phrases import Case, Space, said
from toysup.report.regions import information
from toysup.report.subjects import Subject
from toysup.report.words import PROBABILITY, bracketed, comma, joined, spoken

TELLS = 0.1  # bits that a setting must say alone before it is singled out


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
    if information(most, inside, outside) < TELLS:
        return words
    return f"{words}, {spoken(most)} above all{bracketed(contrast(most, inside, outside, room))}"


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
        if of > 1:
            shares[value] = here / of, here, of
    if len(shares) < 2:
        return ""
    most, least = (f(shares, key=lambda value: shares[value]) for f in (max, min))
    parts = []
    for value, verb in ((most, " minimise"), (least, "")):
        _, here, of = shares[value]
        parts.append(f"{here or 'none'} of {of}{verb} {said(name, {value}, set(values), room)}")
    return ", ".join(parts)
