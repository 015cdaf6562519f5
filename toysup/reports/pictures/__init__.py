"""Pictures that a sweep file may ask for, one a file: `pictures = ["phase_diagram"]`.

In go the findings of a run, out comes a figure. A picture is a `Picture` (in `_picture.py`).
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from toysup import registry
from toysup.errors import ToysupError
from toysup.files.deliver import deliver
from toysup.files.publish import user_errors
from toysup.registry.contract import ContractError
from toysup.registry.outside import fault_line
from toysup.reports import image, overview
from toysup.reports.pictures._picture import Picture


def pictures(findings) -> Iterator[tuple[str, Picture]]:
    """The pictures of a run by name, in the order of its sweep.

    One in a file of the user's is drawn where the command line names the file: a report runs no
    code that came with a run.
    """
    known = registry.names("pictures")
    for name in [name for name in findings.sweep["pictures"] if name in known]:
        yield name, registry.load("pictures", name)()


def figure_of(name: str, picture: Picture, findings):
    """The figure of a picture. ToysupError, in one line, where one of the user's cannot draw it."""
    from matplotlib.figure import Figure

    try:
        figure = picture.draw(findings)
        if not isinstance(figure, Figure):
            found = type(figure).__name__
            raise ContractError("pictures", f"draw must give a matplotlib figure, not {found}")
    except Exception as error:
        origin = registry.origin("pictures", name)
        if not origin or isinstance(error, ToysupError):
            raise
        raise ToysupError(f"{fault_line(Path(origin), error)}.") from error
    return figure


def drawings(findings) -> dict[str, Callable]:
    """What draws each picture of a run, by name: the overview that each has, and its own ones."""
    drawn = {"overview": overview.overview} if findings.lines else {}
    return drawn | {name: partial(figure_of, name, one) for name, one in pictures(findings)}


def write(findings, folder: Path) -> list[Path]:
    """Write the pictures of a run as PNG files into a folder."""
    drawn = drawings(findings)
    paths = [Path(folder) / f"{name}.png" for name in drawn]
    with user_errors(Path(folder), "written"):
        Path(folder).mkdir(parents=True, exist_ok=True)
    for path, draw in zip(paths, drawn.values(), strict=True):
        deliver(path, image.png(draw(findings)))
    return paths
