"""Says in words where, among all conditions, some of them are.

Of the descriptions that are exact the shortest is taken: a range of one setting, a split by one
setting with a description of each part, or what holds at some p throughout and then the rest.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

from toysup.report.words import PROBABILITY, distinct, joined, spoken

Case = dict[str, Any]  # the settings that vary, of one condition; None where one does not apply
DEEPEST = 2  # splits within a split; a sentence carries no more
CLAUSE = 12  # letters that a further clause is worth avoiding for


@dataclass(frozen=True)
class Space:
    """The settings that vary, in the order they are said in, with every value of each."""

    names: tuple[str, ...]
    values: dict[str, tuple]
    texts: dict[str, dict[Any, str]]


def space(cases: Sequence[Case]) -> Space:
    """The settings that take more than one value; p is said last."""
    known = list(dict.fromkeys(name for case in cases for name in case))
    known.sort(key=lambda name: name == PROBABILITY)
    values, texts = {}, {}
    for name in known:
        found = {case.get(name) for case in cases} - {None}
        values[name] = tuple(sorted(found, key=lambda v: (isinstance(v, str), v)))
        texts[name] = distinct(values[name])
    return Space(tuple(name for name in known if len(values[name]) > 1), values, texts)


def runs(chosen: set, among: Sequence) -> list[list]:
    """The chosen values, cut where one that is not chosen lies between.

    >>> runs({1, 2, 5}, [1, 2, 3, 5])
    [[1, 2], [5]]
    """
    found: list[list] = [[]]
    for value in among:
        if value in chosen:
            found[-1].append(value)
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def said(name: str, chosen: set, refused: set, room: Space) -> str:
    """The chosen values of one setting as words; a range may pass over values of neither set."""
    texts = room.texts[name]
    ordered = [v for v in room.values[name] if v in chosen or v in refused]
    if name == PROBABILITY:
        parts = []
        for run in runs(chosen, ordered[::-1]):
            first, last = texts[run[0]], texts[run[-1]]
            parts.append(f"at p = {first}" if len(run) == 1 else f"from p = {first} down to {last}")
        return joined(parts)
    if name in ("views", "features"):
        words = joined([texts[v] for v in ordered if v in chosen], "or")
        return f"{'with' if name == 'views' else 'on'} {words} {name}"
    if name in ("encoder", "directions"):
        words = joined([texts[v] for v in ordered if v in chosen], "or")
        return f"with the {words} {name}"
    kinds = {type(value) for value in ordered}
    if kinds == {bool}:
        return joined([f"{'with' if v else 'without'} {spoken(name)}" for v in sorted(chosen)])
    if str in kinds:
        return f"with {spoken(name)} {joined([texts[v] for v in ordered if v in chosen], 'or')}"
    parts = []
    for run in runs(chosen, ordered):
        if len(run) > 2:
            parts.append(f"{texts[run[0]]} to {texts[run[-1]]}")
        else:
            parts += [texts[v] for v in run]
    return f"at {spoken(name)} {joined(parts, 'or')}"


@dataclass(frozen=True)
class Text:
    """A description, with how deep its lists are nested."""

    words: str
    depth: int = 0
    clauses: int = 1

    @property
    def cost(self) -> int:
        return len(self.words) + CLAUSE * self.clauses


def together(parts: list[Text], forms: list[str]) -> Text:
    """Clauses side by side: inner lists with "and", the outermost with semicolons."""
    if len(parts) == 1:
        return parts[0]
    depth = max(part.depth for part in parts) + 1
    words = "; ".join(forms) if depth > 1 else joined(forms)
    return Text(words, depth, sum(part.clauses for part in parts))


def one_setting(inside: list[Case], outside: list[Case], room: Space) -> list[Text]:
    found = []
    for name in room.names:
        here, there = ({case.get(name) for case in cases} for cases in (inside, outside))
        if None not in here and not here & there:
            found.append(Text(said(name, here, there, room)))
    return found


def split(name: str, inside: list[Case], outside: list[Case], room: Space, depth: int):
    """Each value of a setting with its own description; values with a common one together."""
    here = {case.get(name) for case in inside}
    there = {case.get(name) for case in outside}
    if None in here | there or len(here | there) < 2:
        return None
    blocks: list[tuple[set, Text]] = []

    def of(values: set) -> Text | None:
        chosen = [c for c in inside if c[name] in values]
        return shortest(chosen, [c for c in outside if c[name] in values], room, depth - 1)

    for value in sorted(here, key=room.values[name].index):
        own = of({value})
        for i, (values, text) in enumerate(blocks):
            common = of(values | {value})
            if common and own and common.cost <= max(text.cost, own.cost):
                blocks[i] = values | {value}, common
                break
        else:
            if own is None:
                return None
            blocks.append(({value}, own))
    every = here | there
    forms = [f"{said(name, v, every - v, room)} {text.words}".strip() for v, text in blocks]
    parts = [Text(w, t.depth, t.clauses) for w, (_, t) in zip(forms, blocks, strict=True)]
    return together(parts, forms)


def core_and_rest(inside: list[Case], outside: list[Case], room: Space, depth: int):
    """What holds at some p without exception, then the other p's."""
    refused = {case.get(PROBABILITY) for case in outside}
    core = {case.get(PROBABILITY) for case in inside} - refused
    if not core or None in core | refused:
        return None
    rest = [c for c in inside if c[PROBABILITY] not in core]
    if not rest:
        return None
    mixed = {c[PROBABILITY] for c in rest}
    against = [c for c in outside if c[PROBABILITY] in mixed]
    text = shortest(rest, against, room, depth - 1)
    if text is None or text.depth:
        return None
    ps = said(PROBABILITY, mixed, (core | refused) - mixed, room)
    tail = f"also {text.words}" if "p = " in text.words else f"{text.words} also {ps}"
    words = f"{said(PROBABILITY, core, refused, room)} ({tail})"
    return Text(words, 0, 1 + text.clauses)


def shortest(inside, outside, room: Space, depth: int = DEEPEST) -> Text | None:
    """The shortest exact description of `inside` against `outside`; None where none is short."""
    if not outside:
        return Text("", clauses=0)
    if not inside:
        return None
    found = one_setting(inside, outside, room)
    if depth > 0 and not found:
        others = [name for name in room.names if name != PROBABILITY]
        found = [t for name in others if (t := split(name, inside, outside, room, depth))]
        if rest := core_and_rest(inside, outside, room, depth):
            found.append(rest)
    return min(found, key=lambda text: text.cost, default=None)


def information(name: str, inside: list[Case], outside: list[Case]) -> float:
    """How many bits a setting says about which side a condition is on."""

    def entropy(a: int, b: int) -> float:
        shares = [x / (a + b) for x in (a, b) if x]
        return -sum(share * log2(share) for share in shares)

    here, there = (Counter(case.get(name) for case in cases) for cases in (inside, outside))
    total = len(inside) + len(outside)
    left = sum((here[v] + there[v]) / total * entropy(here[v], there[v]) for v in here | there)
    return entropy(len(inside), len(outside)) - left


def tally(name: str, inside: list[Case], outside: list[Case], room: Space) -> str:
    """How many there are at each value of a setting: "with mask views in 6 of 9"."""
    here, there = (Counter(case.get(name) for case in cases) for cases in (inside, outside))
    parts = []
    values = room.values[name]
    for value in values[::-1] if name == PROBABILITY else values:
        if here[value]:
            words = said(name, {value}, set(values) - {value}, room)
            of = here[value] + there[value]
            parts.append(f"{words} in {'all' if here[value] == of else here[value]} of {of}")
    return joined(parts)


def where(inside: list[Case], outside: list[Case], room: Space, longest: int = 330) -> str:
    """Where `inside` is among both; "" where it is everything, or too irregular to say.

    Exactly if that can be said in `longest` letters; otherwise how often at each value of the
    setting that tells most.
    """
    text = shortest(inside, outside, room)
    if text is not None and len(text.words) <= longest:
        return text.words
    telling = [n for n in room.names if all(c.get(n) is not None for c in inside + outside)]
    telling = [n for n in telling if len(room.values[n]) <= 8]
    if not inside or not telling:
        return ""
    name = max(telling, key=lambda n: information(n, inside, outside))
    return tally(name, inside, outside, room)
