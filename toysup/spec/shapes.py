"""What a key of a sweep file may hold: in words, and as JSON schema.

`toysup list sweepfile` prints the words, and an editor reads the schema, of draft 7, which Taplo
takes (and with it "Even Better TOML" of VS Code).
"""

import dataclasses
from collections.abc import Iterable
from typing import Any

from toysup.registry import Setting
from toysup.spec.axes import LARGEST_FLOAT, LARGEST_INT

TEXT = "text"
TYPES = {float: "number", int: "integer", bool: "boolean", str: "string"}
NOUNS = {float: "number", int: "whole number", bool: "true or false", str: TEXT}
CHOICE = " | "
MAKERS = {"$ref": "#/definitions/values"}  # `{ linspace = [0.0, 1.0, 5] }` and its like


@dataclasses.dataclass(frozen=True)
class Shape:
    """What a value is: its type and its range in words, and its schema."""

    type: str
    range: str
    schema: dict[str, Any]
    choices: bool = False  # whether the range has the values themselves

    @property
    def allowed(self) -> str:
        """Type and range in a phrase: "number in (0, 1]", "cosine | dot"."""
        if self.choices and self.type == TEXT:
            return self.range
        return f"{self.type}{': ' if self.choices else ' '}{self.range}".strip()


def text() -> Shape:
    return Shape(TEXT, "", {"type": "string"})


def one_of(words: Iterable[str]) -> Shape:
    """One of these words."""
    known = list(map(str, words))
    return Shape(TEXT, CHOICE.join(known), {"enum": known}, choices=True)


def some_of(words: Iterable[str]) -> Shape:
    """One of these words, or a list of them."""
    one = one_of(words)
    listed = {"type": "array", "items": one.schema, "minItems": 1}
    return Shape("text or list", one.range, {"anyOf": [one.schema, listed]}, choices=True)


def texts(words: Iterable[str] = ()) -> Shape:
    """A list of texts; of these words, if there are any."""
    one = one_of(words)
    items = one.schema if one.range else {"type": "string"}
    schema = {"type": "array", "items": items}
    return Shape("list of texts", one.range, schema, choices=bool(one.range))


NUMBER = Shape("number", "", {"type": "number"})
POSITIVE = Shape("number", "above 0", {"type": "number", "exclusiveMinimum": 0})
SWITCH = Shape("true or false", "", {"type": "boolean"})
ENDS = Shape(
    "list of two numbers",
    "in order",
    {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
)
SELECTION = Shape("table of plug-ins and settings", "", {"$ref": "#/definitions/selection"})


def one_value(setting: Setting) -> dict[str, Any]:
    """The schema of a single value of a setting."""
    if setting.choices:
        return {"enum": list(setting.choices)}
    schema: dict[str, Any] = {"type": TYPES[setting.kind]}
    limits = {
        "minimum": setting.low,
        "exclusiveMinimum": setting.above,
        "maximum": setting.high,
    }
    schema |= {name: limit for name, limit in limits.items() if limit is not None}
    # The reader refuses infinity and what 32 bits cannot hold.
    largest = {int: LARGEST_INT, float: LARGEST_FLOAT}.get(setting.kind)
    return schema if largest is None else {"maximum": largest, **schema}


def single(setting: Setting) -> Shape:
    """A setting that is one value for all conditions."""
    schema = one_value(setting)
    return Shape(NOUNS[setting.kind], in_words(setting), schema, setting.choices is not None)


def axis(setting: Setting, count: Setting | None = None) -> Shape:
    """A setting that may be an axis: a value, a list of values or what makes one.

    Where there is a `count`, a single number is that, and no value.
    """
    alone = single(count or setting)
    listed = {
        "items": one_value(setting),
        "minItems": 1,
        "uniqueItems": True,
    }
    if setting.choices:
        schema = {"anyOf": [alone.schema, {"type": "array", **listed}]}
        return dataclasses.replace(alone, schema=schema)
    # A keyword of JSON schema binds values of its own type alone. So an editor says "0 is less than
    # the minimum", and not that 0 is none of several things.
    types, made = [alone.schema["type"], "array"], {}
    if setting.kind in (int, float):
        types, made = [*types, "object"], {"allOf": [MAKERS]}
    return dataclasses.replace(alone, schema={**alone.schema, "type": types, **listed, **made})


def in_words(setting: Setting) -> str:
    """The allowed values; nothing where the type says it. All numbers are finite."""
    if setting.kind in (bool, str) and not setting.choices:
        return ""
    return setting.range.removesuffix("finite").removesuffix(" and ")


def numbers(*ends: str) -> dict[str, Any]:
    """The schema of a list with one number for each of these types."""
    items = [{"type": "integer", "minimum": 1} if e == "count" else {"type": e} for e in ends]
    return {
        "type": "array",
        "items": items,
        "additionalItems": False,
        "minItems": len(items),
    }


def described(doc: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": doc, **schema}


def closed(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The keywords that let a table have these keys and no others."""
    return {"additionalProperties": False, "properties": properties, **more}


def table(properties: dict[str, Any], doc: str = "", **more: Any) -> dict[str, Any]:
    """The schema of a table that takes these keys and no others."""
    about = {"description": doc} if doc else {}
    return {**about, "type": "object", **closed(properties, **more)}


SCALAR = {"type": ["string", "number", "boolean"]}
DEFINITIONS = {
    "values": closed(  # without a type, as it stands beside values and lists
        {
            "linspace": described(
                "[first, last, count]: evenly spaced values, ends included",
                numbers("number", "number", "count"),
            ),
            "logspace": described(
                "[first, last, count]: values with equal ratios, ends included",
                numbers("number", "number", "count"),
            ),
            "range": described(
                "[start, stop] or [start, stop, step]: whole numbers, the stop excluded",
                numbers("integer", "integer", "integer") | {"minItems": 2},
            ),
        },
        minProperties=1,
        maxProperties=1,
    ),
    "selection": {
        "type": "object",
        "additionalProperties": {
            "anyOf": [
                SCALAR,
                {"type": "array", "items": SCALAR, "minItems": 1},
                table({"min": {"type": "number"}, "max": {"type": "number"}}, minProperties=1),
            ]
        },
    },
}
