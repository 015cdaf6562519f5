"""What comes with toysup beside its code: the sweeps, and the data files that they read.

A checkout has them in its top folder `sweeps`; a wheel holds a copy of it inside the package.
"""

import os
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def folder() -> Path:
    """The folder of the packaged sweeps."""
    inside = PACKAGE / "sweeps"
    return inside if inside.is_dir() else PACKAGE.parent / "sweeps"


def sweeps() -> dict[str, Path]:
    """The packaged sweeps by name: `question` is `question.toml`."""
    return {path.stem: path for path in sorted(folder().glob("*.toml"))}


def data_file(path: str) -> str:
    """Where a data file is that a sweep names.

    A relative path starts at the current folder. Where that has no such file, it starts at the
    folder of the packaged sweeps, and stays in it.
    """
    packaged = folder() / path
    use_packaged = not os.path.exists(path) and ".." not in packaged.parts
    return str(packaged) if use_packaged and os.path.isfile(packaged) else path
