"""What a user calls a sweep by -> its file; and which sweeps there are, to say so."""

import difflib
import os
from pathlib import Path

from toysup.files import packaged

NO_SWEEPS = ("pyproject.toml",)
MOST_NEAR = 5
SHORTEST_PART = 3  # characters of a name that are enough to offer it


def find(source: str | Path) -> Path:
    """The file of a sweep that is given by its path or by a name.

    A name has no folder and no suffix. `question` stands for the first of the files `question`,
    `question.toml` and `sweeps/question.toml` that is in the current folder, then for the packaged
    sweep. A folder of that name, such as a run's, is no sweep and hides none. A path, or a name
    that nothing has, is returned as it is.
    """
    given = os.fspath(source)
    if not is_name(given):
        return Path(given)
    candidates = [Path(given), Path(f"{given}.toml"), Path("sweeps", f"{given}.toml")]
    candidates += [path for name, path in packaged.sweeps().items() if name == given]
    return next((path for path in candidates if is_readable(path)), Path(given))


def is_name(given: str) -> bool:
    return given == Path(given).stem


def is_readable(path: Path) -> bool:
    """Whether something is there that is no folder: a file, a pipe."""
    return os.path.exists(path) and not os.path.isdir(path)


def own() -> list[Path]:
    """The TOML files of the current folder and of its `sweeps/`, sweeps or not."""
    return [*toml_files(Path()), *toml_files(Path("sweeps"))]


def toml_files(folder: Path) -> list[Path]:
    """The TOML files of a folder that may be sweeps, in the order of their names."""
    return sorted(file for file in folder.glob("*.toml") if file.name not in NO_SWEEPS)


def beside(folder: Path) -> list[Path]:
    """The TOML files of a folder, or of `sweeps/` where it has none that may be a sweep."""
    return toml_files(folder) or toml_files(Path("sweeps"))


def suggestion(path: Path) -> str:
    """The sweeps that were probably meant: files by their paths, packaged ones by their names."""
    known = {name: name for name in packaged.sweeps()}
    known |= {file.stem: str(file) for file in beside(path.parent)}
    names = near(path.stem, list(known))
    return f" Did you mean {' or '.join(known[name] for name in names)}?" if names else ""


def near(name: str, known: list[str]) -> list[str]:
    """The known names that are spelled like this one, then those that it is a part of.

    >>> near("pentagon", ["elhage2022_pentagons", "pentagons", "smoke"])
    ['pentagons', 'elhage2022_pentagons']
    """
    alike = difflib.get_close_matches(name, known, n=MOST_NEAR)
    parts = [other for other in known if len(name) >= SHORTEST_PART and name in other]
    return list(dict.fromkeys([*alike, *parts]))[:MOST_NEAR]


def listing(folder: Path) -> str:
    """The sweep files that there are."""
    files = ", ".join(str(file) for file in beside(folder))
    return f" There are: {files}." if files else ""
