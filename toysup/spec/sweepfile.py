"""A path -> its TOML; or a SpecError that says why not, and which sweeps there are."""

import tomllib
from pathlib import Path

from toysup.errors import SpecError
from toysup.spec.lookup import is_name, listing, suggestion

PACKAGED = " `toysup list sweeps` shows those that come with toysup."


def load(path: Path) -> dict:
    """The content of a TOML file."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        what = "sweep" if is_name(str(path)) else "file"
        known = f"{suggestion(path)}{listing(path.parent)}{PACKAGED}"
        fault = f"there is no such {what}.{known}"
    except IsADirectoryError:
        fault = f"is a folder, not a sweep file.{listing(path)}"
    except OSError as error:
        fault = f"cannot be read: {error.strerror}."
    except UnicodeDecodeError as error:
        fault = f"is not UTF-8 text, at byte {error.start}. Save it as UTF-8."
    except RecursionError:
        fault = "is not TOML: its lists are nested too deep."
    except ValueError as error:
        fault = f"is not TOML: {error}."
    raise SpecError([f"{path}: {fault}"])
