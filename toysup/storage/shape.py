"""The form of nested plain data, as predicates that are put together: what a manifest must be."""

import re
from collections.abc import Callable
from typing import Any

from toysup.spec.claim import PREDICTIONS, Answer, Quantifier, Seeds

Shape = Callable[[Any], bool]

# A chunk is named by its stack, its block of conditions, its block of seeds and, where the run had
# grown before it was planned, how often: no path.
CHUNK_ID = re.compile(r"\w+-\d+-c\d+-s\d+(-g\d+)?")
HASH = re.compile(r"[0-9a-f]{16}")
IDENTITY = re.compile(r"[0-9a-f]{64}")


def text(value: Any) -> bool:
    return isinstance(value, str)


def whole(value: Any) -> bool:
    """A whole number of at least 0."""
    return type(value) is int and value >= 0


def positive(value: Any) -> bool:
    return whole(value) and value > 0


def number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def matching(pattern: re.Pattern) -> Shape:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def one_of(*values: Any) -> Shape:
    return lambda value: scalar(value) and value in values


def either(*shapes: Shape) -> Shape:
    return lambda value: any(shape(value) for shape in shapes)


def both(*shapes: Shape) -> Shape:
    return lambda value: all(shape(value) for shape in shapes)


def listed(item: Shape) -> Shape:
    return lambda value: isinstance(value, list) and all(map(item, value))


def some(item: Shape) -> Shape:
    """A list that has items."""
    return lambda value: bool(value) and listed(item)(value)


def table(item: Shape) -> Shape:
    return lambda value: isinstance(value, dict) and all(map(item, value.values()))


def record(**shapes: Shape) -> Shape:
    """A dict with at least these keys."""
    return lambda value: (
        isinstance(value, dict)
        and all(name in value and shape(value[name]) for name, shape in shapes.items())
    )


def known(**shapes: Shape) -> Shape:
    """A dict whose values are of these forms where it has these keys."""
    return lambda value: (
        isinstance(value, dict)
        and all(shape(value[name]) for name, shape in shapes.items() if name in value)
    )


AXES = table(some(scalar))
FAMILY = table(AXES)
SELECTION = table(either(scalar, listed(scalar), table(number)))
CLAIM = known(
    **dict.fromkeys(
        ("name", "says", "reading", "who", "source", "theory", "metric", "along", "correlates"),
        text,
    ),
    **dict.fromkeys(("above", "below", "near", "within", "crosses"), number),
    **dict.fromkeys(("rows", "than", "reference"), SELECTION),
    verdict=some(text),
    between=both(listed(number), lambda value: len(value) == 2),
    holds=one_of(*Quantifier),
    seeds=one_of(*Seeds),
    predicted=one_of(*PREDICTIONS),
    outcome=one_of(None, *Answer),
    check=one_of(False, True),
    because=text,
)
SWEEP = record(
    **dict.fromkeys(("name", "title", "question", "measure", "reference"), text),
    model=both(AXES, record(n_features=some(positive), d_hidden=some(positive))),
    train=AXES,
    **dict.fromkeys(("features", "views", "encoder", "objective", "objective_train"), FAMILY),
    seed=whole,
    seeds=some(whole),
    record=listed(whole),
    pictures=listed(text),
    claims=listed(CLAIM),
    plugins=listed(both(listed(text), lambda value: len(value) == 3)),
)
STACK = record(
    id=text, static=table(scalar), conditions=some(whole), lanes=positive, group=positive
)
CHUNK = record(
    id=matching(CHUNK_ID), stack=whole, conditions=some(whole), seeds=some(whole), lanes=positive
)
PLAN = record(
    hash=matching(HASH),
    sweep=SWEEP,
    seeds_per_chunk=positive,
    group=either(lambda value: value is None, positive),
    stacks=some(STACK),
    chunks=some(CHUNK),
)
# What a run was before it grew.
STAGE = record(identity=matching(IDENTITY), sweep=SWEEP, seeds_per_chunk=positive)
MANIFEST = both(
    record(
        command=text,
        versions=table(text),
        sources=table(text),
        data=table(text),
        plan=PLAN,
    ),
    known(earlier=listed(STAGE)),
)
