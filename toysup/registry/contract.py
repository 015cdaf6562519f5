"""What a plug-in's class must have before anything of it is called, and the error of a method."""

import dataclasses

from toysup.registry.configured import CLASS, Configured
from toysup.registry.settings import settings


class ContractError(Exception):
    """A method of a plug-in of this family answers what its base class does not allow."""

    def __init__(self, family: str, words: str):
        super().__init__(words)
        self.family = family


def problem(cls: type) -> str | None:
    """What is wrong with the class, as words behind its name, or None."""
    base = next(c for c in cls.__mro__ if "must_write" in vars(c))
    derived = cls.__mro__[: cls.__mro__.index(base)]
    missing = [name for name in base.must_write if not any(name in vars(c) for c in derived)]
    if missing:
        return f"does not define {' or '.join(missing)}, which {base.__name__} asks for"
    doc = (vars(cls)["__doc__"] or "").strip()
    if not doc or doc.startswith(f"{cls.__name__}("):  # a dataclass writes that one itself
        return "has no docstring: its first sentence is what `toysup list` says"
    if issubclass(cls, Configured) and "__dataclass_fields__" not in vars(cls):
        return "lacks @struct.dataclass"  # that of a class it derives from is not enough
    if not dataclasses.is_dataclass(cls):
        return None if not annotated(cls) else "has settings and is not a @struct.dataclass"
    for field in dataclasses.fields(cls):
        if "doc" not in field.metadata and field.name != CLASS:
            return f"declares {field.name} without setting(default, what it is)"
    for name, setting in settings(cls).items():
        fault = setting.fault(setting.default)
        if fault:
            return f"has {setting.default!r} as the default of {name}, which {fault}"
    return None


def annotated(cls: type) -> bool:
    """Whether the class itself annotates anything, as a dataclass's fields are."""
    return bool(set(cls.__annotations__) - {CLASS})
