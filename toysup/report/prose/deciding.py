"""A sentence on the setting that best predicts where directions minimise interference."""

from collections import Counter
from math import log, log2

from toysup.report.prose.phrases import Case, Varying, consecutive, phrase, varying
from toysup.report.prose.subjects import Subject, objectives
from toysup.report.words import PROBABILITY, counted, joined, readable

LEAST_BITS = 0.1  # the least information of a setting that is named
LEAST_VALUES = 5  # values of one condition each, for which a threshold is worth naming


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
    """The most informative setting within objectives that minimise only in some conditions."""
    bits, words, having_setting = {}, {}, {}
    for name in dict.fromkeys(name for s in mixed for name in s.varying.names):
        having_setting[name] = [s for s in mixed if name in s.varying.names]
        inside, outside = sides(name, having_setting[name])
        if words_of := contrast(name, inside, outside, len(having_setting[name]) == 1):
            words[name] = words_of
            bits[name] = information(name, inside, outside)
    # A setting counts less if fewer objectives have it.
    weighted_bits = {n: bits[n] * members(having_setting[n]) for n in bits if bits[n] >= LEAST_BITS}
    name = max(weighted_bits, key=weighted_bits.__getitem__, default=None)
    if name is None:
        return ""
    among = having_setting[name]
    few = len(among) <= max(1, most_names)
    both = f"{counted(objectives(among), 'objective')} that do both"
    who = joined([s.name for s in among]) if few else f"the {both}"
    return f"Within {who} it depends most on {readable(name)}: {words[name]}."


def members(some: list[Subject]) -> int:
    """In how many conditions it is known whether the directions minimise."""
    return sum(len(s.minimising) + len(s.falling_short) for s in some)


def sides(name: str, some: list[Subject]) -> tuple[list[Case], list[Case]]:
    """The cases that minimise, and those that do not, with a value of a setting."""
    inside = [m.case for s in some for m in s.minimising]
    outside = [m.case for s in some for m in s.falling_short]
    return cases_with(name, inside), cases_with(name, outside)


def cases_with(name: str, cases: list[Case]) -> list[Case]:
    """The cases with a value of a setting."""
    return [c for c in cases if c.get(name) is not None]


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


def contrast(name: str, inside: list[Case], outside: list[Case], alone: bool) -> str:
    """The values of a setting at which directions minimise most and least often.

    Of values with two conditions or more; where there are none, the values of one objective up to
    which, or from which on, all minimise, if none of the others does.
    """
    varying_settings = varying([*inside, *outside])
    values = (
        varying_settings.values[name][::-1]
        if name == PROBABILITY
        else varying_settings.values[name]
    )
    shares = {}
    for value in values:
        here = sum(case[name] == value for case in inside)
        of = here + sum(case[name] == value for case in outside)
        if of > 1:
            shares[value] = here / of, here, of
    if len(shares) < 2:
        return from_one_end(name, inside, outside, varying_settings) if alone else ""
    most, least = (f(shares, key=lambda value: shares[value]) for f in (max, min))
    parts = []
    for value, verb in ((most, " minimise"), (least, "")):
        _, here, of = shares[value]
        parts.append(
            f"{here or 'none'} of {of}{verb} {phrase(name, {value}, set(values), varying_settings)}"
        )
    return ", ".join(parts)


def from_one_end(
    name: str, inside: list[Case], outside: list[Case], varying_settings: Varying
) -> str:
    """The values at one end at which all minimise, where none of the others does; "" if not so."""
    here, there = ({case[name] for case in cases} for cases in (inside, outside))
    stretches = len(consecutive(here, varying_settings.values[name])) + len(
        consecutive(there, varying_settings.values[name])
    )
    if here & there or stretches != 2 or len(here | there) < LEAST_VALUES:
        return ""
    return f"all minimise {phrase(name, here, there, varying_settings)}, and none elsewhere"
