"""What a plug-in declares on itself: its settings, and the columns that it measures."""

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True)
class Setting:
    """One setting of a plugin, as `setting` declared it."""

    name: str
    kind: type
    default: Any
    static: bool
    doc: str
    low: float | None = None
    above: float | None = None
    high: float | None = None
    choices: tuple[str, ...] | None = None

    def fault(self, value: Any) -> str | None:
        """What is wrong with `value`, as "must be ...", or None."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        right_kind = {
            float: number,
            int: isinstance(value, int) and not isinstance(value, bool),
            bool: isinstance(value, bool),
            str: isinstance(value, str),
        }[self.kind]
        noun = {float: "a number", int: "a whole number", bool: "true or false", str: "a string"}
        if not right_kind:
            return f"must be {noun[self.kind]}"
        if self.choices and value not in self.choices:
            return "must be one of " + ", ".join(f'"{choice}"' for choice in self.choices)
        if not number:
            return None
        in_range = (
            (self.low is None or value >= self.low)
            and (self.above is None or value > self.above)
            and (self.high is None or value <= self.high)
            and abs(value) != float("inf")
        )
        return None if in_range else f"must be {self.range}"

    @property
    def range(self) -> str:
        """The allowed values in words: "in (0, 1]", "above 0", "at least 1"."""
        if self.choices:
            return " | ".join(self.choices)
        if self.high is not None:
            low = f"({self.above:g}" if self.above is not None else f"[{self.low:g}"
            return f"in {low}, {self.high:g}]" if self.kind is float else f"in {low}, {self.high}]"
        if self.above is not None:
            return f"above {self.above:g} and finite"
        if self.low is not None:
            return f"at least {self.low:g}" + (" and finite" if self.kind is float else "")
        return {bool: "true or false", str: "a string"}.get(self.kind, "finite")


@dataclasses.dataclass(frozen=True)
class Measure:
    """A number, or a list of them, that one plugin's trained models have: a column of the results.

    Of a list only the whole runs' is kept, and no claim compares it. An `optional` one may be
    missing, as a parameter that only some settings train.
    """

    name: str
    unit: str
    description: str  # a sentence, with what particular values mean
    source: str
    listed: bool = False
    optional: bool = False


def setting(
    default: Any,
    doc: str,
    *,
    traced: bool = False,
    low: float | None = None,
    above: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] | None = None,
) -> Any:
    """A dataclass field that a sweep may set.

    `doc` is a phrase without a full stop; the rest is what values it may have. A `traced` setting
    is an array in the compiled program, which then serves all of its values: for numbers with a
    decimal point that `loss`, `sample` and the like only calculate with. Each value of any other
    setting (a count, a switch, a word) has a program of its own.
    """
    if traced and type(default) is not float:
        raise TypeError(f"only a number with a decimal point can be traced, not {default!r}")
    limits = {"low": low, "above": above, "high": high, "choices": choices}
    return dataclasses.field(
        default=default, metadata={"pytree_node": traced, "doc": doc, "limits": limits}
    )


def settings(cls: type) -> dict[str, Setting]:
    """The settings of a plugin class, in the order it declares them; none without fields."""
    fields = dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ()
    return {
        field.name: Setting(
            name=field.name,
            kind=type(field.default),
            default=field.default,
            static=not field.metadata["pytree_node"],
            doc=field.metadata["doc"],
            **field.metadata["limits"],
        )
        for field in fields
        if "doc" in field.metadata
    }
