"""Pictures that a sweep file may ask for, one a file: `pictures = ["phase_diagram"]`.

A picture has a `TITLE`, a `CAPTION` (what one sees, and whose theory the lines are), and
`draw(findings)`, which gives a matplotlib Figure. It takes what it shows from `findings.rows`.
"""

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from toysup.files.publish import publish, told
from toysup.report import figures, image


def pictures(findings) -> Iterator[tuple[str, ModuleType]]:
    """The pictures of a run by name, in the order of its sweep."""
    for name in findings.sweep["pictures"]:
        yield name, importlib.import_module(f"{__name__}.{name}")


def write(findings, folder: Path) -> list[Path]:
    """Write the pictures of a run, and the overview that each has, as PNG files into a folder."""
    drawn = {"overview": figures.overview} if findings.lines else {}
    drawn |= {name: picture.draw for name, picture in pictures(findings)}
    paths = [Path(folder) / f"{name}.png" for name in drawn]
    with told(Path(folder), "written"):
        Path(folder).mkdir(parents=True, exist_ok=True)
    for path, draw in zip(paths, drawn.values(), strict=True):
        publish(path, image.png(draw(findings)))
    return paths
