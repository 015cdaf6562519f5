"""Some conditions of a sweep, by what their plugins and settings are.

`{ objective = "infonce", views = ["mask", "identity"], feature_probability = { max = 0.1 } }`: a
value, any of a list, or a range with its ends. A condition without a setting is never chosen by it.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from toysup.spec.axes import number, plain
from toysup.spec.faults import Faults, did_you_mean, found

Space = dict[str, tuple]  # what each name can be, among conditions with all combinations of it
Selection = dict[str, Any]

ENDS = ("min", "max")
UNCHECKED = "directions"  # an objective's sets of directions have names only once it is trained
SHOWN_VALUES = 12


def fits(value: Any, wanted: Any) -> bool:
    """Whether a setting's value is the one that is wanted, one of a list, or in a range.

    >>> fits(0.1, {"max": 0.1}), fits("mask", ("mask", "noise")), fits(None, "mask"), fits(1, True)
    (True, True, False, False)
    """
    if isinstance(wanted, dict):
        low, high = wanted.get("min", -math.inf), wanted.get("max", math.inf)
        return number(value) and low <= value <= high
    choices = wanted if isinstance(wanted, tuple) else (wanted,)
    return any(isinstance(value, bool) == isinstance(x, bool) and value == x for x in choices)


def narrowed(spaces: Iterable[Space], selection: Selection) -> list[Space]:
    """The parts of spaces that a selection chooses."""
    spaces, parts = list(spaces), []
    checked = {key: w for key, w in selection.items() if key != UNCHECKED or values(spaces, key)}
    for space in spaces:
        chosen = {k: tuple(v for v in space.get(k, ()) if fits(v, w)) for k, w in checked.items()}
        if all(chosen.values()):
            parts.append(space | chosen)
    return parts


def values(spaces: Iterable[Space], name: str) -> tuple:
    """Every value that a name has."""
    return tuple(dict.fromkeys(value for space in spaces for value in space.get(name, ())))


def names(spaces: Iterable[Space]) -> list[str]:
    """Every name that a selection may have."""
    return list(dict.fromkeys([*(name for space in spaces for name in space), UNCHECKED]))


def paired_by(
    here: Sequence[Space], there: Sequence[Space], selection: Selection, strict: bool
) -> list[str]:
    """The names in which two groups of conditions must agree to be compared.

    Those that both have, without the ones that `selection` is about. What the groups have no value
    in common for, such as the batch sizes of two objectives, cannot pair them; where it is `strict`
    it must all the same.
    """
    both = [n for n in names(here) if values(here, n) and values(there, n) and n not in selection]
    return [n for n in both if strict or set(values(here, n)) & set(values(there, n))]


def read(raw: Any, path: str, spaces: list[Space], faults: Faults) -> Selection:
    """A checked selection. Without `spaces`, what they are is not known and not checked."""
    if not isinstance(raw, dict):
        faults.add(path, f'must be a table, such as {{ objective = "mse" }}, found {found(raw)}.')
        return {}
    selection, before = {}, len(faults.lines)
    for key, wanted in raw.items():
        wanted = plain(wanted)
        wanted = tuple(wanted) if isinstance(wanted, list) else wanted
        fault = fault_of_form(wanted) or (
            fault_of_fit(str(key), wanted, spaces) if spaces else None
        )
        if fault:
            faults.add(f"{path}.{key}", fault)
        else:
            selection[str(key)] = wanted
    if spaces and len(faults.lines) == before and not narrowed(spaces, selection):
        faults.add(path, "matches no condition: its values never occur together.")
    return selection


def fault_of_form(wanted: Any) -> str | None:
    """What is wrong with what a selection wants of a setting, whatever the sweep."""
    if isinstance(wanted, dict):
        ends = list(wanted.values())
        if not wanted or not set(wanted) <= set(ENDS) or not all(map(number, ends)):
            return "must be a value, a list, or a range such as { max = 0.1 }, not another table."
        ordered = fits(wanted.get("min", -math.inf), {"max": wanted.get("max", math.inf)})
        return None if ordered else "has its min above its max."
    listed = isinstance(wanted, tuple)
    if listed and not wanted:
        return "is an empty list. Give it at least one value."
    for value in wanted if listed else (wanted,):
        if not isinstance(value, bool | int | float | str):
            return f"must be a value, a list of values, or a range, found {found(value)}."
    return None


def fault_of_fit(key: str, wanted: Any, spaces: list[Space]) -> str | None:
    """What a selection wants that the sweep does not have."""
    known = values(spaces, key)
    if not known and key != UNCHECKED:
        there = names(spaces)
        return f"is no setting here.{did_you_mean(key, there)} There are: {', '.join(there)}."
    if isinstance(wanted, dict):
        if known and not any(fits(value, wanted) for value in known):
            return f"has no value of the sweep in its range. There are: {listed(known)}."
        return None
    for value in wanted if isinstance(wanted, tuple) else (wanted,):
        if known and not any(fits(other, value) for other in known):
            words = [word for word in known if isinstance(word, str)]
            hint = did_you_mean(value, words) if isinstance(value, str) else ""
            return f"is {found(value)}, which is not here.{hint} There are: {listed(known)}."
    return None


def listed(known: Sequence) -> str:
    """The values there are, the first of many."""
    shown = [value if isinstance(value, str) else found(value) for value in known]
    rest = len(shown) - SHOWN_VALUES
    return ", ".join(shown[:SHOWN_VALUES]) + (f" and {rest} more" if rest > 0 else "")
