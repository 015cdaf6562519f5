"""Which setting tells most where directions minimise interference, in a sentence."""

from collections import Counter
from itertools import chain
from math import log, log2

from toysup.report.phrases import Case, Space, runs, said, space
from toysup.report.subjects import Subject, objectives
from toysup.report.words import PROBABILITY, joined, spoken

TELLS = 0.1  # bits that a setting must say before it is singled out


def decides(every: list[Subject], most_names: int) -> str:
    """What decides whether directions minimise: the objective, or a setting within objectives."""
    known = [s for s in every if s.minimising or s.falling_short]
    mixed = [s for s in known if s.minimising and s.falling_short]
    if mixed:
        return within(mixed, most_names)
    if objectives(known) < 2:
        return ""
    differ = len({bool(s.minimising) for s in known}) > 1
    return "The objective tells which." if differ else "It is the same under every objective."


def within(mixed: list[Subject], most_names: int) -> str:
    """The setting that tells most within objectives that minimise in some conditions only."""
    names = dict.fromkeys(name for s in mixed for name in s.room.names)
    told = {name: [s for s in mixed if name in s.room.names] for name in names}
    words = {name: contrast(name, told[name]) for name in names}
    bits = {name: mean_information(name, told[name]) for name in names if words[name]}
    telling = {name: bits[name] * members(told[name]) for name in bits if bits[name] >= TELLS}
    name = max(telling, key=telling.get, default=None)
    if name is None:
        return ""
    among = told[name]
    few = len(among) <= max(1, most_names)
    who = joined([s.name for s in among]) if few else f"the {len(among)} objectives that do both"
    return f"Within {who} it depends most on {spoken(name)}: {words[name]}."


def members(some: list[Subject]) -> int:
    """In how many conditions it is known whether the directions minimise."""
    return sum(len(s.minimising) + len(s.falling_short) for s in some)


def sides(name: str, subject: Subject) -> tuple[list[Case], list[Case]]:
    """The cases of a subject that minimise, and those that do not, with a value of a setting."""
    both = subject.minimising, subject.falling_short
    return tuple([m.case for m in side if m.case.get(name) is not None] for side in both)


def mean_information(name: str, some: list[Subject]) -> float:
    """What a setting says within objectives, on average over their conditions, in bits."""
    found = 0.0
    for subject in some:
        inside, outside = sides(name, subject)
        if inside or outside:
            found += (len(inside) + len(outside)) * information(name, inside, outside)
    return found / members(some)


def information(name: str, inside: list[Case], outside: list[Case]) -> float:
    """How many bits a setting says about which side a condition is on.

    Less (values - 1) / (2 n ln 2), what a setting with so many values says on average by chance of
    n conditions with two sides: the more values, the better a setting seems to tell.

    Source: Miller 1955, "Note on the bias of information estimates".
    """

    def entropy(a: int, b: int) -> float:
        shares = [x / (a + b) for x in (a, b) if x]
        return -sum(share * log2(share) for share in shares)

    here, there = (Counter(case.get(name) for case in cases) for cases in (inside, outside))
    total, values = len(inside) + len(outside), here | there
    left = sum((here[v] + there[v]) / total * entropy(here[v], there[v]) for v in values)
    by_chance = (len(values) - 1) / (2 * total * log(2))
    return entropy(len(inside), len(outside)) - left - by_chance


def contrast(name: str, some: list[Subject]) -> str:
    """The values of a setting at which directions minimise most and least often.

    Of values with two conditions or more; where there are none, the one range of values of one
    objective outside of which none minimises and within which all do, if there is such a range.
    """
    pairs = [sides(name, s) for s in some]
    inside, outside = ([*chain(*cases)] for cases in zip(*pairs, strict=True))
    room = space([*inside, *outside])
    values = room.values[name][::-1] if name == PROBABILITY else room.values[name]
    shares = {}
    for value in values:
        here = sum(case[name] == value for case in inside)
        of = here + sum(case[name] == value for case in outside)
        if of > 1:
            shares[value] = here / of, here, of
    if len(shares) < 2:
        return one_range(name, inside, outside, room) if len(some) == 1 else ""
    most, least = (f(shares, key=lambda value: shares[value]) for f in (max, min))
    parts = []
    for value, verb in ((most, " minimise"), (least, "")):
        _, here, of = shares[value]
        parts.append(f"{here or 'none'} of {of}{verb} {said(name, {value}, set(values), room)}")
    return ", ".join(parts)


def one_range(name: str, inside: list[Case], outside: list[Case], room: Space) -> str:
    """The one range of values at which all minimise, and none elsewhere; "" if there is none."""
    here, there = ({case[name] for case in cases} for cases in (inside, outside))
    if here & there or len(runs(here, room.values[name])) != 1:
        return ""
    return f"all minimise {said(name, here, there, room)}, and none elsewhere"
