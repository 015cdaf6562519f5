"""The verdicts in one paragraph of plain English, whatever the sweep was.

Five sentences at most, of numbers: where directions minimise interference, where they stay short
of it, what they do elsewhere, what decides, and what was not counted.
"""

from collections import Counter
from collections.abc import Sequence

from toysup.report.label_places import where_label
from toysup.report.labels import FALLING_SHORT, LOOKS, OPEN, UNJUDGED, Label
from toysup.report.prose.deciding import decides
from toysup.report.prose.subjects import (
    Subject,
    conditions,
    merge_equal_directions,
    objectives,
    subjects,
)
from toysup.report.words import bracketed, counted, joined
from toysup.verdict.stake import CHANCE, NOTHING

MOST_WORDS = 90
MOST_NAMES = 8  # objectives that a clause may name; fewer where the words do not suffice
MOST_SHARES = 4  # objectives that have their own number of conditions each
PLACES = 3  # names from which there is room to say where some conditions are
OTHERS = (
    Label.SHARING,
    Label.COLLAPSED,
    Label.LOW_RANK,
    Label.SEEKING,
    Label.CONE,
    Label.RANDOM,
)
FEW = 2  # kinds of something else that are told apart where there is no room for names
WHY = {
    Label.NOT_CONVERGED: "not converged",
    Label.DIVERGED: "diverged",
    Label.UNDEFINED: "with fewer than two features",
    CHANCE: "at chance",
    NOTHING: "with nothing at stake",
}
BOTH_IDLE = "at chance or with nothing at stake"


def answer(verdicts: Sequence) -> str:
    """One paragraph of at most MOST_WORDS words, as detailed as they allow."""
    every = merge_equal_directions(subjects(verdicts))
    if not every:
        return "There is nothing to judge: the results have no rows."
    for names in range(MOST_NAMES, -1, -1):
        parts = (minimise, fall_short, otherwise, decides, not_counted)
        sentences = [part(every, names) for part in parts]
        words = " ".join(sentence for sentence in sentences if sentence)
        if len(words.split()) <= MOST_WORDS:
            break
    return words


def minimise(every: list[Subject], names: int) -> str:
    """Under which objectives features minimise interference, in how many conditions that count."""
    shown = [s for s in every if s.counting]
    total = conditions(m for s in shown for m in s.counting)
    if not shown:
        return "There is no condition that counts."
    chosen = [s for s in shown if s.minimising]
    if not chosen:
        one = "the one condition that counts"
        place = one if total == 1 else f"any of the {total} conditions that count"
        under = f"under {shown[0].name}, " if len(shown) == 1 else ""
        unknown = any(m.label in OPEN for s in shown for m in s.counting)
        do_not = "are not known to minimise" if unknown else "do not minimise"
        return sentence(f"{under}features {do_not} interference in {place}")
    tail = bracketed(without_superposition(chosen)) if names else ""
    if len(shown) == 1:
        return f"Under {shown[0].name}, features minimise interference in {extent(shown[0])}{tail}."
    if len(chosen) <= min(names, MOST_SHARES):
        parts = [f"{len(s.minimising)} of {len(s.counting)} under {s.name}" for s in chosen]
        start = "Of the conditions that count, features minimise interference in"
        return f"{start} {joined(parts)}{tail}."
    here = conditions(m for s in chosen for m in s.minimising)
    many = f"under {objectives(chosen)} of {objectives(shown)} objectives"
    always = [s for s in chosen if len(s.minimising) == len(s.counting)]
    those = f"; always under {listed(always, names)}" if always and names else ""
    start = f"Features minimise interference {many}"
    return f"{start}, in {here} of {total} conditions that count{tail}{those}."


def extent(subject: Subject) -> str:
    """In how many of the conditions that count the one objective minimises."""
    count, total = len(subject.minimising), len(subject.counting)
    if total == 1:
        return "the one condition that counts"
    whole = "both" if total == 2 else f"all {total}"
    return f"{whole if count == total else f'{count} of {total}'} conditions that count"


def without_superposition(chosen: list[Subject]) -> str:
    """How many of those that minimise have no more features than dimensions."""
    every = [m for s in chosen for m in s.minimising]
    plain = conditions(m for m in every if not m.superposition)
    number = "all" if plain == conditions(every) else plain
    return f"{number} with no more features than dimensions" if plain else ""


def fall_short(every: list[Subject], names: int) -> str:
    """Which objectives never minimise, and how many conditions stay short of it."""
    members = [m for s in every for m in s.counting]
    others = {s.key[0] for s in every if s.counting and not s.never}
    never = [s for s in every if s.never and s.key[0] not in others]
    short = conditions(m for m in members if m.label in FALLING_SHORT)
    unknown = conditions(m for m in members if m.label in OPEN)
    parts = []
    if never and others:
        parts.append(f"they never do under {listed(never, names)}")
    if short:
        place = "there" if short == conditions(members) else f"in {short}"
        parts.append(f"{place} they whiten or spread evenly, and no more")
    if unknown and unknown < conditions(members):
        parts.append(f"in {unknown} it is open{' whether they do' if names else ''}")
    return sentence("; ".join(parts))


def listed(some: list[Subject], names: int) -> str:
    """The names of objectives, or how many they are."""
    few = len(some) <= max(1, names)
    return joined([s.name for s in some]) if few else counted(objectives(some), "objective")


def otherwise(every: list[Subject], names: int) -> str:
    """How many conditions do something else than minimise or stay short, and where."""
    found = {}
    for label in OTHERS:
        chosen = [m for s in every for m in s.counting if m.label == label]
        if chosen:
            found[label] = chosen
    order = sorted(found, key=lambda label: -conditions(found[label]))
    parts = []
    for label in order if names else order[:FEW]:
        place = where_label(label, every) if names >= PLACES else ""
        parts.append(f"{LOOKS[label].clause} in {conditions(found[label])}{bracketed(place)}")
    rest = [m for label in order[len(parts) :] for m in found[label]]
    parts += [f"do something else in {conditions(rest)}"] if rest else []
    return sentence(f"they {joined(parts)}" if parts else "")


def not_counted(every: list[Subject], names: int) -> str:
    """How many conditions count neither for nor against anything, and why."""
    counts = {m.condition for s in every for m in s.counting}
    members = [m for s in every for m in s.members if m.condition not in counts]
    why = Counter({m.condition: m.uncounted for m in members[::-1]}.values())
    numbers = {words: why[reason] for reason, words in WHY.items() if why[reason]}
    if not names and len(numbers) > FEW:
        unjudged = sum(why[label] for label in UNJUDGED)
        kinds = {"not judged": unjudged, BOTH_IDLE: why[CHANCE] + why[NOTHING]}
        numbers = {words: number for words, number in kinds.items() if number}
    absent = without_any(every) if names else {}
    parts = [
        f"{number} {words}{bracketed(all_of(absent.get(words, {}), number, names))}"
        for words, number in numbers.items()
    ]
    if parts:
        first, *_ = numbers.values()
        parts[0] = parts[0].replace(f"{first}", counted(first, "condition"), 1)
    return f"Not counted: {joined(parts)}." if parts else ""


def without_any(every: list[Subject]) -> dict[str, dict[str, int]]:
    """By the reason: the objectives none of whose conditions count, where all have this one, with
    how many they are. None where nothing counts, as that is said already."""
    members: dict[str, list] = {}
    for subject in every:
        members.setdefault(subject.key[0], []).extend(subject.members)
    found: dict[str, dict[str, int]] = {}
    for objective, some in members.items():
        reasons = {m.uncounted for m in some}
        if len(reasons) == 1 and (reason := reasons.pop()):
            found.setdefault(WHY[reason], {})[objective] = conditions(some)
    return found if any(s.counting for s in every) else {}


def all_of(absent: dict[str, int], number: int, names: int) -> str:
    """Which objectives are not counted at all, of `number` conditions that are not."""
    who = joined(list(absent)) if len(absent) <= names else counted(len(absent), "objective")
    among = " among them" if sum(absent.values()) < number else ""
    return f"all of {who}{among}" if absent else ""


def sentence(words: str) -> str:
    """Words with a capital at their start and a full stop at their end."""
    return f"{words[0].upper()}{words[1:]}." if words else ""
