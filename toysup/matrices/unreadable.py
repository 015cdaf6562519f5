"""A line for a file that cannot be read, and for a key that it has not."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from toysup.errors import ToysupError
from toysup.files.shown import quoted
from toysup.matrices.matrix import fault


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """A line for a file that cannot be read. A damaged one makes libraries raise any error."""
    try:
        yield
    except ToysupError:
        raise
    except Exception as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> ToysupError:
    reason = " ".join(str(error).split())[:200].rstrip(".")
    if any(word in reason.lower() for word in ("pickle", "object array", "python objects")):
        return fault(
            str(path),
            "holds Python objects, which run code when they are opened. Save the matrix alone: "
            "numpy.save('directions.npy', matrix.astype('float32')).",
        )
    return fault(str(path), f"cannot be read ({reason or type(error).__name__}).")


def one_key(name: str, keys: list[str], key: str | None) -> str:
    """The key that was asked for, or the only one."""
    if key in keys:
        return str(key)
    listed = ", ".join(keys[:20]) + (f" and {len(keys) - 20} more" if len(keys) > 20 else "")
    if key is not None:
        raise fault(name, f"has no {quoted(key)}. There are: {listed}.")
    if len(keys) != 1:
        raise fault(name, f"holds {len(keys)} arrays. Choose one with --key: {listed}.")
    return keys[0]
