"""A plug-in in a file of the user's: one class, whose base class says which family it is of."""

import dataclasses
import hashlib
import importlib.machinery
import importlib.util
import linecache
import sys
import traceback
from pathlib import Path

from toysup.errors import ToysupError
from toysup.registry.contract import ContractError, problem


@dataclasses.dataclass(frozen=True)
class Plugin:
    """A plug-in that was read from a file; two of the same source are equal."""

    family: str
    name: str  # the file's, without .py
    path: Path = dataclasses.field(compare=False)
    digest: str  # sha256 of the source
    source: bytes = dataclasses.field(compare=False, repr=False)
    cls: type = dataclasses.field(compare=False, repr=False)


_read: dict[tuple[Path, str], Plugin] = {}  # one class for one source: jax compiles by class


def read(path: Path) -> Plugin:
    """The plug-in of a file. ToysupError, in one line, for a file that has none."""
    path = Path(path)
    if path.suffix != ".py" or not path.stem.isidentifier():
        raise ToysupError(f"{path}: a plug-in is a Python file whose name can be one, NAME.py.")
    try:
        source = path.read_bytes()
    except FileNotFoundError:
        raise ToysupError(f"{path}: there is no such file.") from None
    except OSError as error:
        raise ToysupError(f"{path}: cannot be read ({error.strerror}).") from None
    digest = hashlib.sha256(source).hexdigest()
    key = path.resolve(), digest
    if key not in _read:
        cls = only_class(path, run(path, source, digest))
        wrong = problem(cls)
        if wrong:
            raise ToysupError(f"{path}: {cls.__name__} {wrong}.")
        _read[key] = Plugin(cls.family, path.stem, path, digest, source, cls)
    return dataclasses.replace(_read[key], path=path)


def run(path: Path, source: bytes, digest: str):
    """The module that a file's source makes."""
    name = f"toysup_plugin_{path.stem}_{digest[:12]}"
    spec = importlib.machinery.ModuleSpec(name, loader=None, origin=str(path))
    module = importlib.util.module_from_spec(spec)
    module.__file__ = str(path)
    linecache.checkcache(str(path))
    sys.modules[name] = module  # dataclasses look their module up
    try:
        exec(compile(source, str(path), "exec"), vars(module))
    except SyntaxError as error:
        del sys.modules[name]
        raise ToysupError(f"{path}, line {error.lineno}: {error.msg}.") from None
    except Exception as error:
        del sys.modules[name]
        raise ToysupError(f"{fault_line(path, error)}.") from error
    return module


def only_class(path: Path, module) -> type:
    """The one class of a module that a plug-in family's base class is a base of."""
    classes = [
        value
        for name, value in vars(module).items()
        if isinstance(value, type)
        and getattr(value, "family", "")
        and value.__module__ == module.__name__
        and not name.startswith("_")
    ]
    if len(classes) == 1:
        return classes[0]
    if not classes:
        raise ToysupError(
            f"{path}: defines no plug-in: no class with a base class of toysup.plugin, such as "
            "`class Cosine(Objective)`."
        )
    names = ", ".join(cls.__name__ for cls in classes)
    raise ToysupError(
        f"{path}: defines {len(classes)} plug-ins, {names}, and a file has one. "
        "Put each into a file, or let a class that others derive from begin with _."
    )


def fault_line(path: Path, error: BaseException) -> str:
    """What a plug-in's code raised, and in which of its lines, in one line."""
    text = " ".join(str(error).split())
    if not isinstance(error, ContractError):
        text = f"{type(error).__name__}{f': {text}' if text else ''}"
    return f"{place(path, error)}: {text}".rstrip(".")


def place(path: Path, error: BaseException) -> str:
    """The file, and its line that raised if one did: "squares.py, line 11"."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return f"{path}, line {lines[-1]}" if lines else f"{path}"
