"""Which setting decides whether features minimise: the one that changes it most often alone."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from toysup.reports.answer.units import Unit
from toysup.reports.reference import MAY_DIFFER
from toysup.reports.words import joined, label_of, readable

LEAST = 3  # conditions of a value, and pairs of a setting, from which a conclusion is drawn
OBJECTIVE = "objective"
WHETHER = "Whether features minimise"
NOT_KNOWN = (
    "What decides is not known: too few of the conditions that count are alike in all but one "
    "setting."
)

Tally = dict[Any, Counter]  # value of the setting -> whether features minimise -> how many units


def decides(every: Sequence[Unit]) -> str:
    """A sentence on the setting that decides; that none does; or that it is not known.

    A setting changes the answer in a pair of conditions that are alike in all else, if features
    minimise in one of them alone. Settings that only some of its values have may differ: mse has
    no temperature. Of two settings that decide, the one with the higher share of such pairs counts
    as the one that decides most, by Laplace's rule of succession, (changed + 1) / (pairs + 2).
    """
    known = [unit for unit in every if not unit.uncounted and unit.minimises is not None]
    tallies = {name: groups(name, known) for name in settings_of(known)}
    pairs = {name: pairs_in(tally) for name, tally in tallies.items()}
    pairs = {name: found for name, found in pairs.items() if found[1] >= LEAST}
    if not pairs:
        return NOT_KNOWN if tallies else ""
    if not any(changed for changed, _ in pairs.values()):
        return f"{WHETHER} is the same for every {joined([readable(name) for name in pairs])}."
    name = max(pairs, key=lambda name: (pairs[name][0] + 1) / (pairs[name][1] + 2))
    changed, of = pairs[name]
    differ = f"{changed} of {of} pairs alike in all else differ"
    if changed < LEAST:
        return f"What decides is not known well: most often {words(name)} does ({differ})."
    return f"{WHETHER} depends most on {words(name)} ({differ}){contrast(name, known)}."


def words(name: str) -> str:
    """A setting in a sentence."""
    return f"the {name}" if name == OBJECTIVE else readable(name)


def settings_of(known: Sequence[Unit]) -> list[str]:
    """The objective and every setting that varies within one."""
    values: dict[tuple, set] = {}
    for unit in known:
        for name, value in unit.settings.items():
            values.setdefault((name, unit.objective), set()).add(value)
    varying = dict.fromkeys(name for (name, _), some in values.items() if len(some - {None}) > 1)
    return [OBJECTIVE] * (len({unit.objective for unit in known}) > 1) + list(varying)


def value_of(unit: Unit, name: str) -> Any:
    return unit.objective if name == OBJECTIVE else unit.settings.get(name)


def groups(name: str, known: Sequence[Unit]) -> list[Tally]:
    """The units that have a setting, by all else that is the same, each group by its values."""
    having = [unit for unit in known if value_of(unit, name) is not None]
    others = dict.fromkeys(other for unit in having for other in unit.settings if other != name)
    if name == OBJECTIVE:
        others = [o for o in others if o not in MAY_DIFFER and not depends(o, name, having)]
    else:
        others = [OBJECTIVE, *(o for o in others if not depends(o, name, having))]
    found: dict[tuple, Tally] = {}
    for unit in having:
        group = found.setdefault(tuple(value_of(unit, other) for other in others), {})
        group.setdefault(value_of(unit, name), Counter())[unit.minimises] += 1
    return list(found.values())


def depends(other: str, name: str, having: Sequence[Unit]) -> bool:
    """Whether only some values of a setting have the other one at all."""
    values = {value_of(unit, name) for unit in having}
    with_it = {value_of(u, name) for u in having if value_of(u, other) is not None}
    return 0 < len(with_it) < len(values)


def pairs_in(found: Sequence[Tally]) -> tuple[int, int]:
    """In how many pairs a setting changes the answer, and the number of pairs."""
    changed = of = 0
    for group in found:
        for one, two in combinations(group.values(), 2):
            changed += one[True] * two[False] + one[False] * two[True]
            of += one.total() * two.total()
    return changed, of


def contrast(name: str, known: Sequence[Unit]) -> str:
    """The values at which features minimise most and least often, of those with enough units."""
    shares: dict[Any, Counter] = {}
    for unit in known:
        if (value := value_of(unit, name)) is not None:
            shares.setdefault(value, Counter())[unit.minimises] += 1
    enough = {value: n for value, n in shares.items() if n.total() >= LEAST}
    most, least = (
        f(
            enough,
            key=lambda v: (enough[v][True] / enough[v].total(), enough[v].total()),
            default=None,
        )
        for f in (max, min)
    )
    if len(enough) < 2 or most == least:
        return ""
    first, second = (f"{enough[v][True]} of {enough[v].total()}" for v in (most, least))
    return f": {first} minimise {at(name, most)}, {second} {at(name, least)}"


def at(name: str, value: Any) -> str:
    """A value as a place: "under mse", "with mask views", "at p = 0.1"."""
    if name == OBJECTIVE:
        return f"under {value}"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{'at' if is_number else 'with'} {label_of(name, value)}"
