"""A selection chooses conditions of a sweep by their plugins and settings.

`{ objective = "infonce", views = ["mask", "identity"], feature_probability = { max = 0.1 } }`: one
value, any value of a list, or a range that includes its ends. A condition without a setting never
matches a value of it.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from toysup.files.shown import quoted
from toysup.spec.axes import is_number, to_python
from toysup.spec.faults import Faults, did_you_mean, quote, there_are

Space = dict[str, tuple]  # name -> values; its conditions are all combinations of the values
Selection = dict[str, Any]

ENDS = ("min", "max")
UNCHECKED = "directions"  # the sets of directions are known only after training
SHOWN_VALUES = 12


def matches(value: Any, wanted: Any) -> bool:
    """Whether a setting's value equals `wanted`, or is in its list or range.

    >>> matches(0.1, {"max": 0.1}), matches("mask", ("mask", "noise"))
    (True, True)
    >>> matches(None, "mask"), matches(1, True)
    (False, False)
    """
    if isinstance(wanted, dict):
        low, high = wanted.get("min", -math.inf), wanted.get("max", math.inf)
        return is_number(value) and low <= value <= high
    choices = wanted if isinstance(wanted, tuple) else (wanted,)
    return any(isinstance(value, bool) == isinstance(x, bool) and value == x for x in choices)


def restrict(spaces: Iterable[Space], selection: Selection) -> list[Space]:
    """The parts of spaces that match a selection."""
    spaces, parts = list(spaces), []
    checked = {key: w for key, w in selection.items() if key != UNCHECKED or values(spaces, key)}
    for space in spaces:
        chosen = {
            k: tuple(v for v in space.get(k, ()) if matches(v, w)) for k, w in checked.items()
        }
        if all(chosen.values()):
            parts.append(space | chosen)
    return parts


def values(spaces: Iterable[Space], name: str) -> tuple:
    """Every value that a name has."""
    return tuple(dict.fromkeys(value for space in spaces for value in space.get(name, ())))


def names(spaces: Iterable[Space]) -> list[str]:
    """Every name that a selection may have."""
    return list(dict.fromkeys([*(name for space in spaces for name in space), UNCHECKED]))


def pairing_names(
    here: Sequence[Space], there: Sequence[Space], selection: Selection, strict: bool
) -> list[str]:
    """The names whose values must be equal for two groups of conditions to be compared.

    Both groups have these names, and `selection` does not use them. Unless `strict`, a name is left
    out if the groups have no common value for it, such as the batch sizes of two objectives.
    """
    both = [n for n in names(here) if values(here, n) and values(there, n) and n not in selection]
    return [n for n in both if strict or set(values(here, n)) & set(values(there, n))]


def read(raw: Any, path: str, spaces: list[Space], faults: Faults) -> Selection:
    """A checked selection. Without `spaces`, its names and values are not checked."""
    if not isinstance(raw, dict):
        faults.add(path, f'must be a table, such as {{ objective = "mse" }}, found {quote(raw)}.')
        return {}
    selection, before = {}, len(faults.lines)
    for key, wanted in raw.items():
        wanted = to_python(wanted)
        wanted = tuple(wanted) if isinstance(wanted, list) else wanted
        fault = fault_of_form(wanted) or (
            fault_of_value(str(key), wanted, spaces) if spaces else None
        )
        if fault:
            faults.add(f"{path}.{key}", fault)
        else:
            selection[str(key)] = wanted
    if spaces and len(faults.lines) == before and not restrict(spaces, selection):
        faults.add(path, "matches no condition: its values never occur together.")
    return selection


def fault_of_form(wanted: Any) -> str | None:
    """What is wrong with the form of a wanted value, whatever the sweep."""
    if isinstance(wanted, dict):
        ends = list(wanted.values())
        if not wanted or not set(wanted) <= set(ENDS) or not all(map(is_number, ends)):
            return "must be a value, a list, or a range such as { max = 0.1 }, not another table."
        ordered = matches(wanted.get("min", -math.inf), {"max": wanted.get("max", math.inf)})
        return None if ordered else "has its min above its max."
    listed = isinstance(wanted, tuple)
    if listed and not wanted:
        return "is an empty list. Give it at least one value."
    for value in wanted if listed else (wanted,):
        if not isinstance(value, bool | int | float | str):
            return f"must be a value, a list of values, or a range, found {quote(value)}."
    return None


def fault_of_value(key: str, wanted: Any, spaces: list[Space]) -> str | None:
    """Why no condition of the sweep has the wanted value."""
    known = values(spaces, key)
    if not known and key != UNCHECKED:
        there = names(spaces)
        return f"is no setting here.{did_you_mean(key, there)}{there_are(there, key)}"
    if isinstance(wanted, dict):
        if known and not any(matches(value, wanted) for value in known):
            return f"has no value of the sweep in its range. There are: {listed(known)}."
        return None
    for value in wanted if isinstance(wanted, tuple) else (wanted,):
        if known and not any(matches(other, value) for other in known):
            words = [word for word in known if isinstance(word, str)]
            hint = did_you_mean(value, words) if isinstance(value, str) else ""
            return f"is {quote(value)}, which is not here.{hint} There are: {listed(known)}."
    return None


def listed(known: Sequence) -> str:
    """The values in words; only the first of many."""
    shown = [quoted(v) if isinstance(v, str) else quote(v) for v in known[: SHOWN_VALUES + 1]]
    rest = len(known) - SHOWN_VALUES
    return ", ".join(shown[:SHOWN_VALUES]) + (f" and {rest} more" if rest > 0 else "")
