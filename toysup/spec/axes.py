"""One value of a sweep file -> an axis: a tuple of checked values of the right type.

A scalar is an axis of one value, a list is an axis, and a table with one of `linspace`,
`logspace` or `range` makes one.
"""

import math
import struct
from typing import Any

from toysup.errors import RefusedError
from toysup.files.shown import quoted
from toysup.registry import Setting
from toysup.resources import container
from toysup.resources.units import bytes_text
from toysup.spec.faults import Faults, did_you_mean, quote

# What a plan holds of an instance, as measured: each value of an axis is at least one.
INSTANCE_BYTES = 500
# Wrong values of one axis that are told one by one.
MOST_WRONG = 5
# JAX counts in 32 bits, so a larger whole number would silently wrap around.
LARGEST_INT = 2**31 - 1
# Training uses single precision, which has only 0 and inf outside of these magnitudes.
SMALLEST_FLOAT, LARGEST_FLOAT = 1e-37, 1e38
# Generated values are rounded to this many digits, so that a label reads 0.0464159.
DIGITS = 6


class BadMaker(Exception):  # noqa: N818 - it is caught right here
    """The arguments of a `linspace`, `logspace` or `range` are wrong."""


def check_length(faults: Faults, path: str, length: int) -> None:
    """Refuse an axis that does not fit in memory on its own, before its values are made."""
    needs, available = length * INSTANCE_BYTES, container.memory()
    if needs > available:
        raise RefusedError(
            f"{faults.origin(path)}: {path} has {length:,} values, which need about "
            f"{bytes_text(needs)} of memory to be listed, and there are {bytes_text(available)}. "
            "Use fewer values."
        )


def read(raw: Any, setting: Setting, path: str, faults: Faults) -> tuple:
    """The checked values of one setting; those with a fault are left out."""
    raw = to_python(raw)
    listed = isinstance(raw, list | tuple | range)
    if listed:
        check_length(faults, path, len(raw))
    if isinstance(raw, dict):
        values = make(raw, path, faults)
    else:
        values = [to_python(value) for value in raw] if listed else [raw]
    if listed and not values:
        faults.add(path, "is an empty list. Give it at least one value.")
    good: dict[Any, Any] = {}  # what trains -> the value as written
    wrong = 0
    for value in values:
        if not accept(value, setting, path, faults):
            wrong += 1
            if wrong == MOST_WRONG:
                break
            continue
        value = setting.kind(value)
        trained = single(value) if setting.kind is float else value
        if trained in good:
            faults.add(path, twice(good[trained], value))
        good.setdefault(trained, value)
    return tuple(good.values())


def single(value: float) -> float:
    """A number in single precision, which everything trains in.

    >>> single(0.1) == single(0.10000000001), single(0.5)
    (True, 0.5)
    """
    return struct.unpack("f", struct.pack("f", value))[0]


def twice(first: Any, second: Any) -> str:
    """The fault of two values of an axis that would train the same models."""
    if first == second:
        return f"has {quote(first)} more than once."
    return (
        f"has {quote(first)} and {quote(second)}, which are one number in single precision, and "
        "would be two equal conditions. Leave one out."
    )


def to_python(raw: Any) -> Any:
    """Numpy numbers and arrays, which a notebook may pass, as Python's own types."""
    return raw.tolist() if hasattr(raw, "tolist") else raw


def is_number(value: Any) -> bool:
    """Whether `value` is a number; true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def accept(value: Any, setting: Setting, path: str, faults: Faults) -> bool:
    """Whether the setting takes a single value; if not, a fault is added."""
    if isinstance(value, list | tuple):
        faults.add(path, "has a list inside of its list. An axis is a list of single values.")
        return False
    fault = setting.fault(value) or type_limit(value, setting)
    if fault:
        faults.add(path, f"{fault}, found {quote(value)}.")
    return not fault


def type_limit(value: Any, setting: Setting) -> str | None:
    """Why the device's number types cannot hold a value, as "must be ...", or None."""
    if setting.kind is int and abs(value) > LARGEST_INT:
        return f"must be at most {LARGEST_INT}"
    if setting.kind is float and value != value:
        return "must be a number"
    if setting.kind is float and value and not SMALLEST_FLOAT <= abs(value) <= LARGEST_FLOAT:
        return "must be a number that single precision can hold"
    return None


def make(table: dict, path: str, faults: Faults) -> list:
    """The values of `{ maker = [...] }`; an empty list if it has a fault."""
    if len(table) != 1 or not set(table) <= set(MAKERS):
        names = [str(name) for name in table]
        hint = did_you_mean(names[0], MAKERS) if len(names) == 1 else ""
        faults.add(
            path,
            "must be a value, a list, or a table with one of linspace, logspace, range, "
            f"found {keys(names)}.{hint}",
        )
        return []
    [(name, arguments)] = table.items()
    arguments = to_python(arguments)
    try:
        return MAKERS[name](arguments, faults, path)
    except BadMaker as bad:
        faults.add(f"{path}.{name}", str(bad))
        return []


def keys(names: list[str]) -> str:
    """The keys of a table in a message, the first ones of many."""
    shown = [quoted(name) for name in names[:MOST_WRONG]]
    more = [f"{len(names) - MOST_WRONG} more"] if len(names) > MOST_WRONG else []
    return ", ".join(shown + more) or "an empty table"


def parse_ends(arguments: Any, faults: Faults, path: str) -> tuple:
    """The checked (first, last, count) of a `linspace` or `logspace`."""
    if not isinstance(arguments, list | tuple) or len(arguments) != 3:
        raise BadMaker(f"must be [first, last, count], found {quote_list(arguments)}.")
    first, last, count = arguments
    for end in (first, last):
        if not is_number(end) or not abs(end) <= LARGEST_FLOAT:
            raise BadMaker(f"must have two numbers as its ends, found {quote(end)}.")
    if not is_number(count) or isinstance(count, float) or count < 1:
        raise BadMaker(
            f"must have a whole number of at least 1 as its count, found {quote(count)}."
        )
    if count == 1 and first != last:
        raise BadMaker("has two ends and a count of 1. Use at least 2, or the value alone.")
    check_length(faults, path, count)
    return first, last, count


def linspace(arguments: Any, faults: Faults, path: str) -> list:
    """Evenly spaced values, ends included."""
    first, last, count = parse_ends(arguments, faults, path)
    return spaced(first, last, count, lambda share: first + (last - first) * share)


def logspace(arguments: Any, faults: Faults, path: str) -> list:
    """Values with equal ratios, ends included."""
    first, last, count = parse_ends(arguments, faults, path)
    for end in (first, last):
        if end <= 0:
            raise BadMaker(f"must have ends above 0, found {quote(end)}.")
    low, high = math.log(first), math.log(last)
    return spaced(first, last, count, lambda share: math.exp(low + (high - low) * share))


def spaced(first, last, count: int, value) -> list:
    """`count` values from exactly `first` to exactly `last`, with rounded values between them.

    If both ends are integers, whole values are integers, so an axis may hold batch sizes.
    """
    inner = [float(f"{value(i / (count - 1)):.{DIGITS}g}") for i in range(1, count - 1)]
    if isinstance(first, int) and isinstance(last, int):
        inner = [int(x) if x.is_integer() else x for x in inner]
    return [first, *inner, last][:count]


def whole_range(arguments: Any, faults: Faults, path: str) -> range:
    """Python's range: the start is included, the stop is not."""
    good = isinstance(arguments, list | tuple) and len(arguments) in (2, 3)
    if not good or not all(type(x) is int and abs(x) <= LARGEST_INT for x in arguments):
        raise BadMaker(
            "must be [start, stop] or [start, stop, step] in whole numbers, "
            f"found {quote_list(arguments)}."
        )
    if 0 in arguments[2:]:
        raise BadMaker("has a step of 0.")
    values = range(*arguments)
    if not values:
        raise BadMaker("has no values: the stop is not included.")
    check_length(faults, path, len(values))
    return values


def quote_list(arguments: Any) -> str:
    """A value as its writer would know it, with a short list in full."""
    if isinstance(arguments, list | tuple) and len(arguments) <= 4:
        return "[" + ", ".join(quote(value) for value in arguments) + "]"
    return quote(arguments)


MAKERS = {"linspace": linspace, "logspace": logspace, "range": whole_range}
