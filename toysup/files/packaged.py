"""What comes with toysup beside its code: the sweeps, and the data files that they read.

A checkout has them in its top folder `sweeps`; a wheel holds a copy of it inside the package.
"""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def folder() -> Path:
    """The folder of the packaged sweeps."""
    inside = PACKAGE / "sweeps"
    return inside if inside.is_dir() else PACKAGE.parent / "sweeps"


def sweeps() -> dict[str, Path]:
    """The packaged sweeps by name: `question` is `question.toml`."""
    return {path.stem: path for path in sorted(folder().glob("*.toml"))}
