"""Says in words where, among all conditions, some of them are.

Of the descriptions that are exact the shortest is taken: a range of one setting, a split by one
setting with a description of each part, or what holds at some p throughout and then the rest.
"""

from collections import Counter
from dataclasses import dataclass
from math import log2

from toysup.report.phrases import Case, Space, said
from toysup.report.words import PROBABILITY, joined

DEEPEST = 2  # splits within a split; a sentence carries no more
CLAUSE = 12  # letters that a further clause is worth avoiding for
CONTEXT = ("views", "features", "encoder", "directions")  # what a reader thinks in first
FIRST = 0.6  # and so what a sentence is split by, unless that is a good deal longer
EACH = 3  # conditions that a value must have on average, for a tally
SHORT_LIST = 4  # values in a tally
WORTH = 0.1  # bits that a setting must say before its tally is worth reading


@dataclass(frozen=True)
class Text:
    """A description: one clause, or a list of them."""

    words: str
    is_list: bool = False
    cost: float = 0

    @classmethod
    def of(cls, words: str, extra: float = 0) -> "Text":
        return cls(words, cost=len(words) + (CLAUSE if words else 0) + extra)

    def under(self, head: str) -> "Text":
        """What a clause becomes behind another: an inner list goes into brackets."""
        words = f"{head} ({self.words})" if self.is_list else f"{head} {self.words}".strip()
        return Text(words, False, self.cost + len(head))


def one_setting(inside: list[Case], outside: list[Case], room: Space) -> list[Text]:
    found = []
    for name in room.names:
        here, there = ({case.get(name) for case in cases} for cases in (inside, outside))
        if None not in here and not here & there:
            found.append(Text.of(said(name, here, there, room)))
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
            if common and own and common.words == text.words == own.words:
                blocks[i] = values | {value}, common
                break
        else:
            if own is None:
                return None
            blocks.append(({value}, own))
    every = here | there
    parts = [text.under(said(name, v, every - v, room)) for v, text in blocks]
    if len(parts) == 1:
        return parts[0]
    cost = sum(part.cost for part in parts) * (FIRST if name in CONTEXT else 1)
    inner = depth < DEEPEST
    words = [part.words for part in parts]
    return Text(", ".join(words) if inner else joined(words), True, cost)


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
    if text is None or text.is_list:
        return None
    ps = said(PROBABILITY, mixed, (core | refused) - mixed, room)
    tail = f"also {text.words}" if "p = " in text.words else f"{text.words} also {ps}"
    words = f"{said(PROBABILITY, core, refused, room)} ({tail})"
    return Text.of(words, extra=text.cost - len(text.words))


def shortest(inside, outside, room: Space, depth: int = DEEPEST) -> Text | None:
    """The shortest exact description of `inside` against `outside`; None where none is short."""
    if not outside:
        p = inside[0].get(PROBABILITY)
        alone = len(inside) == 1 and depth < DEEPEST and PROBABILITY in room.names and p is not None
        return Text.of(said(PROBABILITY, {p}, set(), room)) if alone else Text("")
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
    """How many there are at each value of a setting: "6 of 9 with mask views"."""
    here, there = (Counter(case.get(name) for case in cases) for cases in (inside, outside))
    values = room.values[name]
    parts = []
    for value in values[::-1] if name == PROBABILITY else values:
        if here[value]:
            words = said(name, {value}, set(values) - {value}, room)
            parts.append((here[value], here[value] + there[value], words))
    if len(parts) > SHORT_LIST:
        some, of, words = max(parts, key=lambda part: part[0] / part[1])
        return f"most often {words}, {some} of {of}"
    if name != PROBABILITY:
        parts.sort(key=lambda part: -part[0])
    return joined([f"{some} of {of} {words}" for some, of, words in parts])


def where(inside: list[Case], outside: list[Case], room: Space, longest: int) -> str:
    """Where `inside` is among both; "" where it is everything, or too scattered to say.

    Exactly if that can be said in `longest` letters; otherwise how often at each value of the
    setting that tells most.
    """
    text = shortest(inside, outside, room)
    if text is not None and len(text.words) <= longest:
        return text.words
    known = [n for n in room.names if all(c.get(n) is not None for c in inside + outside)]
    many = (len(inside) + len(outside)) // EACH
    bits = {n: information(n, inside, outside) for n in known if len(room.values[n]) <= many}
    name = max(bits, key=bits.get, default=None)
    return tally(name, inside, outside, room) if name and bits[name] > WORTH else ""
