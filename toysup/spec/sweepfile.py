"""A path -> its TOML; or a SpecError that says why not, and which sweeps there are."""

import re
import tomllib
from pathlib import Path

from toysup.errors import SpecError
from toysup.files.shown import line
from toysup.spec import syntax
from toysup.spec.lookup import is_name, listing, suggestion

MOST_BYTES = 2**22  # of a file; the longest of the packaged ones has 12 kB
# Parts of a key: to read one of n parts takes tomllib n^2 steps and n levels of tables.
MOST_PARTS = 50
PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
LONG_KEY = re.compile(rf"(?<![\w-])(?:{PART}\.[ \t]*+){{{MOST_PARTS}}}")
PACKAGED = " `toysup list sweeps` shows those that come with toysup."


def load(path: Path) -> dict:
    """The content of a TOML file."""
    return parsed(text_of(path), path)


def text_of(path: Path) -> str:
    """The text of a file; a SpecError if it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise SpecError([f"{line(path)}: is no sweep file: it has over {MOST_BYTES:,} bytes."])
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        what = "sweep" if is_name(str(path)) else "file"
        known = f"{suggestion(path)}{listing(path.parent, path.name)}{PACKAGED}"
        fault = f"there is no such {what}.{known}"
    except IsADirectoryError:
        fault = f"is a folder, not a sweep file.{listing(path)}"
    except OSError as error:
        fault = f"cannot be read: {error.strerror}."
    except UnicodeDecodeError as error:
        fault = f"is not UTF-8 text, at byte {error.start}. Save it as UTF-8."
    raise SpecError([f"{line(path)}: {fault}"])


def parsed(text: str, path: Path) -> dict:
    """The content of the TOML text of a file; a SpecError if it is none."""
    try:
        return loads(text)
    except RecursionError:
        place, words = "", "its lists are nested too deep"
    except ValueError as error:
        place, words = syntax.fault(text, error)
    raise SpecError([f"{line(path)}{place}: is not TOML: {words}."])


def loads(text: str) -> dict:
    """The content of TOML text; a ValueError, soon, for what is none."""
    if LONG_KEY.search(text):
        raise ValueError(f"a key has more than {MOST_PARTS} parts, and is nested too deep")
    return tomllib.loads(text)
