"""The verdicts in one paragraph of plain English, whatever the sweep was."""

from collections.abc import Sequence

from toysup.report.deciding import decides
from toysup.report.labels import LOOKS, MINIMISES, Label
from toysup.report.subjects import Labelled, Subject, subjects
from toysup.report.words import bracketed, comma, counted, joined

WHY = {
    Label.NOT_CONVERGED: "training had not converged",
    Label.DIVERGED: "a seed diverged",
    Label.UNDEFINED: "fewer than two features are represented",
}
MAIN, ASIDE, EXCUSE = 420, 130, 70  # letters that a place may take, by what it is the place of


def minimising(subject: Subject, first: bool) -> str:
    """In how many of its judged conditions an objective's directions minimise, and where."""
    judged, chosen, total = subject.judged, subject.minimising, len(subject.members)
    who = f"Under {subject.name}, "
    they = "features take interference-minimising directions" if first else "they do"
    if not judged:
        none = f"none of the {counted(total, 'condition')}" if total > 1 else "the one condition"
        return f"{who}{none} could {'not ' if total == 1 else ''}be judged."
    lost = total - len(judged)
    could = f" that could be judged, of {total}" if lost else ""
    if total == 1:
        extent = "in its one condition"
    elif chosen and lost:
        extent = f"in {len(chosen)} of {total} conditions"
    elif len(chosen) == len(judged):
        extent = f"in {'both' if total == 2 else f'all {total}'} conditions"
    elif chosen:
        extent = f"in {len(chosen)} of {total} conditions"
    elif len(judged) == 1:
        extent = f"in the one condition{could}"
    else:
        extent = (
            f"in {'either' if len(judged) == 2 else 'any'} of the {len(judged)} conditions{could}"
        )
    if not chosen:
        they = "features do not take interference-minimising directions" if first else "they do not"
        return f"{who}{they} {extent}."
    place = subject.where(chosen, judged, MAIN) if len(chosen) < len(judged) else ""
    asides = [f"{lost} could not be judged"] if lost else []
    asides += qualified(chosen)
    return f"{who}{they} {extent}{bracketed('; '.join(asides))}{comma(place)}."


def qualified(chosen: list[Labelled]) -> list[str]:
    """What kinds of minimising there are among these conditions."""
    crowded, even = sum(m.superposition for m in chosen), sum(m.even for m in chosen)
    found = []
    if not crowded:
        found.append("with no more features than dimensions")
    elif crowded < len(chosen):
        found.append(f"{crowded} with more features than dimensions")
    if even:
        all_of = "all" if even == len(chosen) else even
        found.append(f"{all_of} evenly spread without reaching the best packing")
    return found


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
        tail = comma(places)
        if len(parts) == 1:
            _, who, place, _ = parts[0]
            under = [f"under {who}"] if len(every) > 1 else []
            tail = bracketed(", ".join([*under, *([place] if place else [])]))
        if everything:
            tail = ""
        sentences.append(f"{total} {have} no verdict because {why}{tail}.")
    return " ".join(sentences)


def answer(verdicts: Sequence) -> str:
    """One paragraph: where directions minimise interference, what they do elsewhere, and why."""
    every = subjects(verdicts)
    if not every:
        return "There is nothing to judge: the results have no rows."
    sentences = []
    for i, subject in enumerate(every):
        first = not any(earlier.judged for earlier in every[:i])
        sentences += [minimising(subject, first), instead(subject)]
    sentences += [not_judged(every), decides(every)]
    return " ".join(sentence for sentence in sentences if sentence)
