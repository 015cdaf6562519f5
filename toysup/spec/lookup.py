"""A path or a name of a sweep -> its file; and the sweeps that a message can suggest."""

import difflib
import os
from pathlib import Path

from toysup.files import packaged
from toysup.spec.faults import there_are

NOT_SWEEPS = ("pyproject.toml",)
MOST_SUGGESTIONS = 5
SHORTEST_PART = 3  # characters of a name that are enough to offer it


def find(source: str | Path) -> Path:
    """The file of a sweep, from its path or its name.

    A name has no folder and no suffix. `question` is looked for in the current folder, as
    `question`, `question.toml` and `sweeps/question.toml`, and then among the packaged sweeps. A
    folder of that name, such as a run's, is passed over. A path, or an unknown name, is returned as
    it is.
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
    """Whether the path is a file or a pipe, not a folder."""
    return os.path.exists(path) and not os.path.isdir(path)


def local_files() -> list[Path]:
    """The TOML files of the current folder and of its `sweeps/`, sweeps or not."""
    return [*toml_files(Path()), *toml_files(Path("sweeps"))]


def toml_files(folder: Path) -> list[Path]:
    """The TOML files of a folder that may be sweeps, in the order of their names. A name that
    begins with a dot is that of another program's settings."""
    return sorted(
        file
        for file in folder.glob("*.toml")
        if file.name not in NOT_SWEEPS and not file.name.startswith(".")
    )


def files_in(folder: Path) -> list[Path]:
    """The TOML files of a folder that may be sweeps; those of `sweeps/` if it has none."""
    return toml_files(folder) or toml_files(Path("sweeps"))


def suggestion(path: Path) -> str:
    """A sentence with the sweeps that were probably meant: paths, and names of packaged ones."""
    known = {name: name for name in packaged.sweeps()}
    known |= {file.stem: str(file) for file in files_in(path.parent)}
    names = similar(path.stem, list(known))
    return f" Did you mean {' or '.join(known[name] for name in names)}?" if names else ""


def similar(name: str, known: list[str]) -> list[str]:
    """The known names with a similar spelling, then those that contain `name`.

    >>> similar("pentagon", ["elhage2022_pentagons", "pentagons", "smoke"])
    ['pentagons', 'elhage2022_pentagons']
    """
    alike = difflib.get_close_matches(name, known, n=MOST_SUGGESTIONS)
    parts = [other for other in known if len(name) >= SHORTEST_PART and name in other]
    return list(dict.fromkeys([*alike, *parts]))[:MOST_SUGGESTIONS]


def listing(folder: Path, name: str = "") -> str:
    """A sentence with the sweep files of a folder; of many, those most like the name."""
    return there_are([str(file) for file in files_in(folder)], str(folder / name) if name else "")
