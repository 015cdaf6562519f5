"""How the keys of a sweep file that no plug-in declares are declared."""

import dataclasses
from typing import Any

from toysup.registry import Setting
from toysup.spec import shapes
from toysup.spec.shapes import Shape


@dataclasses.dataclass(frozen=True)
class Key:
    """One key of a table: its name, what it may hold, and what it means, a phrase.

    `default` is None where a file without the key has none. An `axis` may have several values.
    """

    name: str
    shape: Shape
    doc: str
    default: Any = None
    required: bool = False
    axis: bool = False

    @classmethod
    def of(cls, setting: Setting) -> "Key":
        """The key of a setting, which may be an axis of the grid."""
        return cls(setting.name, shapes.axis(setting), setting.doc, setting.default, axis=True)

    def to_dict(self) -> dict[str, Any]:
        """What `toysup list sweepfile` says of it."""
        told = ("name", "default", "doc", "required", "axis")
        shape = {name: getattr(self.shape, name) for name in ("type", "range", "allowed")}
        return {name: getattr(self, name) for name in told} | shape

    def schema(self) -> dict[str, Any]:
        """Its JSON schema, with what an editor shows beside it."""
        about = {"description": self.doc}
        about |= {} if self.default in (None, "") else {"default": self.default}
        return about | self.shape.schema


def key(doc: str, shape: Shape, default: Any = dataclasses.MISSING) -> Any:
    """A dataclass field that is a key of a table."""
    return dataclasses.field(default=default, metadata={"doc": doc, "shape": shape})


def keys_of(cls: type, required: tuple[str, ...]) -> tuple[Key, ...]:
    """The keys that the fields of a dataclass declare."""
    return tuple(
        Key(
            field.name,
            field.metadata["shape"],
            field.metadata["doc"],
            None if field.default in (dataclasses.MISSING, "") else field.default,
            field.name in required,
        )
        for field in dataclasses.fields(cls)
    )
