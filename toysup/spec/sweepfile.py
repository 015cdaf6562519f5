"""A path -> the TOML in it, or one line on why there is none and which sweeps there are."""

import tomllib
from pathlib import Path

from toysup.errors import SpecError
from toysup.spec.faults import closest


def load(path: Path) -> dict:
    """The content of a TOML file."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        fault = f"there is no such file.{suggestion(path)}{listing(path.parent)}"
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


def sweeps_near(folder: Path) -> list[Path]:
    """The TOML files of a folder, or of `sweeps/` when it has none that could be a sweep."""
    for place in (folder, Path("sweeps")):
        files = sorted(file for file in place.glob("*.toml") if file.name != "pyproject.toml")
        if files:
            return files
    return []


def suggestion(path: Path) -> str:
    """The sweep that was probably meant."""
    by_name = {file.stem: file for file in sweeps_near(path.parent)}
    name = closest(path.stem, by_name)
    return f" Did you mean {by_name[name]}?" if name else ""


def listing(folder: Path) -> str:
    """The sweeps that there are."""
    files = ", ".join(str(file) for file in sweeps_near(folder))
    return f" There are: {files}." if files else ""
