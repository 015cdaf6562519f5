"""Settings that are each right and do not go together: see a plug-in's `incompatibility`."""

import itertools
import math
from collections.abc import Callable, Iterable

from toysup.spec.axes import check_length
from toysup.spec.cases import WHO, cases
from toysup.spec.faults import Faults, found
from toysup.spec.tables import FAMILIES, plugin

SHOWN_VALUES = 3


def check_compatible(sweep, faults: Faults) -> None:
    """Every plugin fits [model] and each of the plugins that it meets."""
    for family in FAMILIES:
        for name in getattr(sweep, family):
            check_plugin(plugin(family, name).incompatibility, sweep, family, name, faults)


def check_plugin(incompatibility: Callable, sweep, family: str, name: str, faults: Faults) -> None:
    """One line for each thing that a plugin says, with the values of which it says it."""
    path, own = f"{family}.{name}", {**sweep.model, **getattr(sweep, family)[name]}
    others = met(sweep, family, name)
    combinations = len(others) * math.prod(map(len, own.values()))
    check_length(faults.where, f"{path} with what it meets", combinations)
    said: dict[str, list[dict]] = {}
    for names, *values in itertools.product(others, *own.values()):
        settings = {**names, **dict(zip(own, values, strict=True))}
        words = incompatibility(settings)
        if words:
            said.setdefault(words, []).append(settings)
    axes = {**{key: [names[key] for names in others] for key in WHO if key != family}, **own}
    for words, wrong in said.items():
        faults.add(path, f"{words}{exceptions(wrong, axes)}.")


def met(sweep, family: str, name: str) -> list[dict[str, str | None]]:
    """The names that a plugin meets, one of each other family at a time."""
    named = [dict(zip(WHO, case, strict=True)) for case in cases(sweep)]
    others = [{key: n[key] for key in WHO if key != family} for n in named if n[family] == name]
    return [other for place, other in enumerate(others) if other not in others[:place]]


def exceptions(wrong: list[dict], axes: dict[str, Iterable]) -> str:
    """Where it is wrong, by what is not wrong at all of its values: " (at d_hidden = 5)"."""
    parts = []
    for name, values in axes.items():
        at = [found(value) for value in dict.fromkeys(settings[name] for settings in wrong)]
        if len(at) < len(set(values)):
            more = ", ..." if len(at) > SHOWN_VALUES else ""
            parts.append(f"{name} = {', '.join(at[:SHOWN_VALUES])}{more}")
    return f" (at {', '.join(parts)})" if parts else ""
